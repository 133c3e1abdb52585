// Named again here, since a bundle gives a package that is no ES module without its names to `import()`.
export { Agent, fetch, ProxyAgent } from 'undici';
