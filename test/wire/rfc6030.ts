/**
 * The example documents of RFC 6030: figure 2 (basic), 3 (supplementary data), 4 (key derivation values), 5 (PIN policy),
 * 6 (AES-128-CBC with a pre-shared key), 7 (passphrase), 8 (asymmetric keys), 9 (signature) and 10 (bulk).
 * Names and values are the RFC's; the spaces between tags are not, but for those inside values.
 */

const HOTP = 'urn:ietf:params:xml:ns:keyprov:pskc:hotp'
const XENC = 'http://www.w3.org/2001/04/xmlenc#'
const SPACES = `xmlns="urn:ietf:params:xml:ns:keyprov:pskc" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:xenc="${XENC}"`

const secret = (base64: string) => `<Secret><PlainValue>${base64}\n </PlainValue></Secret>`
const counter = '<Counter><PlainValue>0</PlainValue></Counter>'
const device = (maker: string, serial: string, more = '') =>
  `<DeviceInfo><Manufacturer>${maker}</Manufacturer><SerialNo>${serial}</SerialNo>${more}</DeviceInfo>`
const cipher = (algorithm: string, value: string) =>
  `<xenc:EncryptionMethod Algorithm="${XENC}${algorithm}"/>
   <xenc:CipherData><xenc:CipherValue>\n ${value}\n </xenc:CipherValue></xenc:CipherData>`
const response = (length: number) =>
  `<AlgorithmParameters><ResponseFormat Length="${length}" Encoding="DECIMAL"/></AlgorithmParameters>`
const module = '<CryptoModuleInfo><Id>CM_ID_001</Id></CryptoModuleInfo>'
const container = (inside: string, attributes = SPACES) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<KeyContainer Version="1.0" ${attributes}>\n${inside}\n</KeyContainer>\n`
const key = (id: string, inside: string, algorithm = HOTP) => `<Key Id="${id}" Algorithm="${algorithm}">${inside}</Key>`
const pack = (...inside: string[]) => `<KeyPackage>\n${inside.join('\n')}\n</KeyPackage>`

const ASCII_20 = 'MTIzNDU2Nzg5MDEyMzQ1Njc4OTA='
const HMAC_SHA1 = 'http://www.w3.org/2000/09/xmldsig#hmac-sha1'

export const figure2 = container(
  pack(key('12345678', `<Issuer>Issuer-A</Issuer><Data>${secret('MTIzNA==')}</Data>`)),
  'Id="exampleID1" xmlns="urn:ietf:params:xml:ns:keyprov:pskc"',
)

export const figure3 = container(
  pack(
    device('Manufacturer', '987654321', '<UserId>DC=example-bank,DC=net</UserId>'),
    module,
    key(
      '12345678',
      `<Issuer>Issuer</Issuer>${response(8)}<Data>${secret(ASCII_20)}${counter}</Data>
       <UserId>UID=jsmith,DC=example-bank,DC=net</UserId>`,
    ),
  ),
)

export const figure4 = container(
  pack(
    device('Manufacturer', '987654321'),
    module,
    key(
      '12345678',
      `<Issuer>Issuer</Issuer>${response(8)}<KeyProfileId>keyProfile1</KeyProfileId>
       <KeyReference>MasterKeyLabel\n </KeyReference><Data>${counter}</Data><Policy><KeyUsage>OTP</KeyUsage></Policy>`,
    ),
  ),
)

export const figure5 = container(
  pack(
    device('Manufacturer', '987654321'),
    module,
    key(
      '12345678',
      `<Issuer>Issuer</Issuer>${response(8)}<Data>${secret(ASCII_20)}${counter}</Data>
       <Policy><PINPolicy MinLength="4" MaxLength="4" PINKeyId="123456781" PINEncoding="DECIMAL" PINUsageMode="Local"/>
       <KeyUsage>OTP</KeyUsage></Policy>`,
    ),
  ) +
    pack(
      device('Manufacturer', '987654321'),
      module,
      key(
        '123456781',
        `<Issuer>Issuer</Issuer>${response(4)}<Data>${secret('MTIzNA==')}</Data>`,
        HOTP.replace('hotp', 'pin'),
      ),
    ),
)

/** Under the key 12345678901234567890123456789012 (hexadecimal). */
export const figure6 = container(
  `<EncryptionKey><ds:KeyName>Pre-shared-key</ds:KeyName></EncryptionKey>
   <MACMethod Algorithm="${HMAC_SHA1}"><MACKey>
   ${cipher('aes128-cbc', 'ESIzRFVmd4iZABEiM0RVZgKn6WjLaTC1sbeBMSvIhRejN9vJa2BOlSaMrR7I5wSX')}</MACKey></MACMethod>
   ${pack(
     device('Manufacturer', '987654321'),
     module,
     key(
       '12345678',
       `<Issuer>Issuer</Issuer>${response(8)}<Data><Secret><EncryptedValue>
        ${cipher('aes128-cbc', 'AAECAwQFBgcICQoLDA0OD+cIHItlB3Wra1DUpxVvOx2lef1VmNPCMl8jwZqIUqGv')}</EncryptedValue>
        <ValueMAC>Su+NvtQfmvfJzF6bmQiJqoLRExc=\n </ValueMAC></Secret>${counter}</Data>`,
     ),
   )}`,
)

/** Under the passphrase `qwerty`. */
export const figure7 = `<?xml version="1.0" encoding="UTF-8"?>
<pskc:KeyContainer xmlns:pskc="urn:ietf:params:xml:ns:keyprov:pskc" xmlns:xenc11="http://www.w3.org/2009/xmlenc11#"
  xmlns:pkcs5="http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#" xmlns:xenc="${XENC}" Version="1.0">
<pskc:EncryptionKey><xenc11:DerivedKey>
  <xenc11:KeyDerivationMethod Algorithm="http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#pbkdf2">
    <pkcs5:PBKDF2-params><Salt><Specified>Ej7/PEpyEpw=</Specified></Salt><IterationCount>1000</IterationCount>
    <KeyLength>16</KeyLength><PRF/></pkcs5:PBKDF2-params></xenc11:KeyDerivationMethod>
  <xenc:ReferenceList><xenc:DataReference URI="#ED"/></xenc:ReferenceList>
  <xenc11:MasterKeyName>My Password 1</xenc11:MasterKeyName></xenc11:DerivedKey></pskc:EncryptionKey>
<pskc:MACMethod Algorithm="${HMAC_SHA1}"><pskc:MACKey>
  ${cipher('aes128-cbc', '2GTTnLwM3I4e5IO5FkufoOEiOhNj91fhKRQBtBJYluUDsPOLTfUvoU2dStyOwYZx')}</pskc:MACKey></pskc:MACMethod>
<pskc:KeyPackage><pskc:DeviceInfo><pskc:Manufacturer>TokenVendorAcme</pskc:Manufacturer>
  <pskc:SerialNo>987654321</pskc:SerialNo></pskc:DeviceInfo><pskc:CryptoModuleInfo><pskc:Id>CM_ID_001</pskc:Id></pskc:CryptoModuleInfo>
  <pskc:Key Algorithm="${HOTP}" Id="123456"><pskc:Issuer>Example-Issuer</pskc:Issuer>
  <pskc:AlgorithmParameters><pskc:ResponseFormat Length="8" Encoding="DECIMAL"/></pskc:AlgorithmParameters>
  <pskc:Data><pskc:Secret><pskc:EncryptedValue Id="ED">
  ${cipher('aes128-cbc', 'oTvo+S22nsmS2Z/RtcoF8Hfh+jzMe0RkiafpoDpnoZTjPYZu6V+A4aEn032yCr4f')}</pskc:EncryptedValue>
  <pskc:ValueMAC>LP6xMvjtypbfT9PdkJhBZ+D6O4w=\n </pskc:ValueMAC></pskc:Secret></pskc:Data></pskc:Key></pskc:KeyPackage>
</pskc:KeyContainer>`

/** The certificate is left out: what says that it is one key for locking and another for opening is the element. */
export const figure8 = container(
  `<EncryptionKey><ds:X509Data><ds:X509Certificate>MIIB5zCC</ds:X509Certificate></ds:X509Data></EncryptionKey>
   ${pack(
     device('TokenVendorAcme', '987654321'),
     key(
       'MBK000000001',
       `<Issuer>Example-Issuer</Issuer>${response(6)}<Data><Secret><EncryptedValue>
        ${cipher('rsa_1_5', 'hJ+fvpoMPMO9BYpK2rdyQYGIxiATYHTHC7e/sPLKYo5/r1v+4TYG3gJolCWuVMyd')}</EncryptedValue></Secret>
        ${counter}</Data>`,
     ),
   )}`,
)

export const figure9 = container(
  `${pack(
    device('TokenVendorAcme', '0755225266'),
    key('123', `<Issuer>Example-Issuer</Issuer>${response(6)}<Data>${secret(`\n ${ASCII_20}`)}${counter}</Data>`),
  )}
   <Signature><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
   <ds:SignatureMethod Algorithm="http://www.w3.org/2000/09/xmldsig#rsa-sha1"/><ds:Reference URI="#Device">
   <ds:DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/>
   <ds:DigestValue>j6lwx3rvEPO0vKtMup4NbeVu8nk=</ds:DigestValue></ds:Reference></ds:SignedInfo>
   <ds:SignatureValue>j6lwx3rvEPO0vKtMup4NbeVu8nk=</ds:SignatureValue></Signature>`,
)

const bulk = (id: string, serial: string, from: string, to: string) =>
  pack(
    device('TokenVendorAcme', serial),
    key(
      id,
      `<Issuer>Issuer</Issuer>${response(8)}<Data>${secret(ASCII_20)}${counter}</Data>
       <Policy><StartDate>${from}T00:00:00Z</StartDate><ExpiryDate>${to}T00:00:00Z</ExpiryDate></Policy>`,
    ),
  )

export const figure10 = container(
  [
    bulk('1', '654321', '2006-05-01', '2006-05-31'),
    bulk('2', '123456', '2006-05-01', '2006-05-31'),
    bulk('3', '9999999', '2006-03-01', '2006-03-31'),
    bulk('4', '9999999', '2006-04-01', '2006-04-30'),
  ].join('\n'),
)
