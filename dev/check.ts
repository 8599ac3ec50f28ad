import { startChecks } from './checks.ts'

const { failed } = await startChecks()()
process.exitCode = failed === 0 ? 0 : 1
