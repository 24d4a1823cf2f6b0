import { readBaseUrl, refuseThisMachine } from '../../../src/providers/shared/http-address'

/** Goal: no spelling of an address lets an operator of the desk have this machine called. */
describe('An address that an operator types in', () => {
  it.each([
    'http://localhost:8080',
    'https://127.1:8443',
    'https://0.0.0.0:8443',
    'https://0:8443',
    'https://[::]:8443',
    'https://[::1]:8443',
    'https://[::ffff:127.0.0.1]:8443',
    'https://[::ffff:7f00:1]:8443',
    'https://[::127.0.0.1]:8443',
    'https://169.254.169.254',
    'https://[::ffff:169.254.169.254]',
    'https://[fe80::1]',
  ])('is none of this machine: %s, not even where it is listed', (baseUrl) => {
    // As a REST configuration may list it, which is what lets an address stand in place of a name.
    if (baseUrl.startsWith('https:')) readBaseUrl(baseUrl, [new URL(baseUrl).host])
    expect(refuseThisMachine(baseUrl)).toMatch(/not this machine/)
  })

  it.each(['https://bank.example', 'https://10.1.2.3', 'https://[fd00::1]', 'nonsense', 7])(
    'may be %s, as far as that goes',
    (given) => {
      expect(refuseThisMachine(given)).toBeNull()
    },
  )
})
