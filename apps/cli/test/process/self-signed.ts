/** A self-signed certificate of 127.0.0.1 and localhost, valid until 2051, and its key: nobody trusts it. */
export const selfSigned: { readonly key: string; readonly cert: string } = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgOKsh80rgF0vnyTlO
jizrUgSCIKRHylfxSeqsqQyPVRahRANCAASoDWZb9aG5wvxMyXoQlS2JxS2D4gUw
tm4M2pUnyo/RfrEurJs8gu9Cbk9xEXx9w5qFsumsqoqjpxpv1GrudSXu
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBmTCCAT+gAwIBAgIUVbdwScancpmy79PckUmExs7AIPYwCgYIKoZIzj0EAwIw
EzERMA8GA1UEAwwIbG9vcGJhY2swIBcNMjYxMTI1MTYyMTU3WhgPMjA1MTA3MTcx
NjIxNTdaMBMxETAPBgNVBAMMCGxvb3BiYWNrMFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAEqA1mW/WhucL8TMl6EJUticUtg+IFMLZuDNqVJ8qP0X6xLqybPILvQm5P
cRF8fcOahbLprKqKo6cab9Rq7nUl7qNvMG0wHQYDVR0OBBYEFC2mZelFadhTQKwn
3j6vPZTgKVKdMB8GA1UdIwQYMBaAFC2mZelFadhTQKwn3j6vPZTgKVKdMA8GA1Ud
EwEB/wQFMAMBAf8wGgYDVR0RBBMwEYcEfwAAAYIJbG9jYWxob3N0MAoGCCqGSM49
BAMCA0gAMEUCIQDKsqe86qGHshbBCxUdOGMuy0hLyG+K1ohFWnOSnXEHLQIgdvw8
zdwmM7DHVjNeDohNdq//GDV5F0tKA1A2jwg77H8=
-----END CERTIFICATE-----`,
};
