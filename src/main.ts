#!/usr/bin/env node
import { Command } from 'commander'
import { version } from './app/version.ts'
import { demo } from './cli/demo.ts'

const program = new Command('sallyport').version(version)
const quiet = { info() {}, warn() {}, error(...all: unknown[]) { console.error(...all) } }
program
  .command('demo')
  .option('--port <n>', '', Number, 8080)
  .option('--data <folder>')
  .option('--tls')
  .action((o) => demo(o, process.env, quiet))
await program.parseAsync()
