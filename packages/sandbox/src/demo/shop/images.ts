/** How the images of the shop behave. */
export const images: string = `
behaviours:
- image: registry.example.com/shop/web:2.*
  serves: {8080: [/healthz, /, /products, /cart]}
  log: |
    web starting, log level {LOG_LEVEL}
    catalog at {CATALOG_URL}, cart at {CART_URL}
    server started on port 8080
  repeat:
  - {every: 12s, log: ["GET / 200 1.4ms", "GET /products 200 3.9ms", "GET /products?page=2 200 4.2ms"]}
  - every: 25s
    when: {endpoints: {cart: none}}
    log: ["GET /cart 502 30001ms upstream cart.shop.svc: no endpoints"]
  - every: 25s
    when: {endpoints: {cart: some}}
    log: ["GET /cart 200 6.3ms"]
  usage: {cpu: 12m, memory: 41Mi}
- image: registry.example.com/shop/catalog:3.*
  serves: {8080: [/healthz, /products]}
  log: |
    catalog 3.7.1 starting
    1284 products loaded
    listening on :8080
  repeat:
  - {every: 20s, log: ["GET /products 200 2.1ms", "GET /products?page=2 200 2.0ms"]}
  usage: {cpu: 8m, memory: 52Mi}
- image: registry.example.com/base/postgres:16.*
  serves: {5432: []}
  log: |
    PostgreSQL 16.4 starting
    listening on IPv4 address "0.0.0.0", port 5432
    database system is ready to accept connections
  repeat:
  - {every: 5m, log: ["checkpoint starting: time", "checkpoint complete: wrote 31 buffers (0.2%)"]}
  usage: {cpu: 21m, memory: 198Mi}
- image: registry.example.com/shop/migrate:1.*
  log: |
    migration 0001_init: applied
    migration 0002_orders: applied
    2 migrations applied, nothing left to do
  exit: {after: 2s, code: 0}
- image: registry.example.com/shop/cart:1.*
  serves: {8080: [/healthz, /cart]}
  log: |
    cart 1.12.4 starting
    listening on :8080
  usage: {cpu: 4m, memory: 38Mi}
- image: registry.example.com/shop/payments:4.*
  when: {env: {DATABASE_URL: "*@db.shop.svc:5432/*"}}
  serves: {8080: [/healthz, /pay]}
  log: |
    payments starting, 4 workers
    config: DATABASE_URL={DATABASE_URL}
    connected to db.shop.svc:5432
    listening on :8080
  usage: {cpu: 9m, memory: 57Mi}
- image: registry.example.com/shop/payments:4.*
  log: |
    payments starting, 4 workers
    config: DATABASE_URL={DATABASE_URL}
    connecting to the database (attempt 1 of 3)
    connecting to the database (attempt 2 of 3)
    connecting to the database (attempt 3 of 3)
    FATAL could not connect to {DATABASE_URL}: dial tcp 10.244.1.5:5433: connect: connection refused
    exit status 1
  serves: {}
  exit: {after: 3s, code: 1}
- image: registry.example.com/shop/search:3.0.0
  log: &search |
    search starting
    index opened, 1284 documents
    listening on :8080
  usage: {cpu: 15m, memory: 73Mi}
- image: registry.example.com/shop/search:3.0.1
  log: *search
  usage: {cpu: 15m, memory: 74Mi}
- image: registry.example.com/shop/recommender:1.7.*
  log: |
    recommender 1.7.2 starting
    loading model /models/products-small.bin (31 MiB)
    ready
  usage: {cpu: 7m, memory: 49Mi}
- image: registry.example.com/shop/recommender:1.8.*
  when: {memoryLimitBelow: 448Mi}
  log: |
    recommender 1.8.1 starting
    loading model /models/products.bin (412 MiB)
    loaded 10%
  exit: {after: 2s, code: 137, reason: OOMKilled}
  usage: {cpu: 210m, memory: 63Mi}
- image: registry.example.com/shop/recommender:1.8.*
  log: |
    recommender 1.8.1 starting
    loading model /models/products.bin (412 MiB)
    loaded 100%
    ready
  usage: {cpu: 11m, memory: 436Mi}
- image: registry.example.com/shop/analytics:0.*
  log: |
    analytics starting
    reading events since yesterday
  usage: {cpu: 180m, memory: 66Mi}
- image: registry.example.com/shop/notifier:1.*
  log: |
    notifier starting, sender {SENDER}
    waiting for orders
  usage: {cpu: 2m, memory: 19Mi}
- image: registry.example.com/shop/gateway:0.9.2
  serves: {8080: [/ready, /]}
  log: |
    gateway 0.9.2 listening on :8080
  usage: {cpu: 3m, memory: 22Mi}
- image: registry.example.com/shop/gateway:0.9.*
  serves: {8080: [/readyz, /]}
  log: |
    gateway 0.9.3 listening on :8080
    note: /ready is gone since 0.9.3, use /readyz
  repeat:
  - every: 5s
    when: {probe: {readiness: /ready}}
    log: ["GET /ready 404 0.2ms"]
  usage: {cpu: 3m, memory: 23Mi}
- {image: "registry.example.com/*", missing: true}
`;
