/**
 * The release that broke seven of the workloads, as merge patches on what ran before:
 * cart (a typo in the Service's selector), payments (a wrong port in its ConfigMap), search (a tag that does not exist),
 * recommender (a model larger than the memory limit), analytics (more CPUs than any node has), notifier (a key that its
 * ConfigMap does not have) and gateway (the application now serves /readyz, the probe still asks for /ready).
 */
export const release: string = `
apiVersion: v1
kind: ConfigMap
metadata: {name: payments-settings, namespace: shop}
data: {DATABASE_URL: "postgres://payments@db.shop.svc:5433/payments"}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: crat}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: payments, namespace: shop, annotations: {kubernetes.io/change-cause: "payments 4.2.0"}}
spec:
  template:
    spec:
      containers:
      - {name: payments, image: "registry.example.com/shop/payments:4.2.0"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: search, namespace: shop, annotations: {kubernetes.io/change-cause: "search 3.0.1-rc9"}}
spec:
  template:
    spec:
      containers:
      - {name: search, image: "registry.example.com/shop/search:3.0.1-rc9"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: recommender, namespace: shop, annotations: {kubernetes.io/change-cause: "recommender 1.8.1"}}
spec:
  template:
    spec:
      containers:
      - {name: recommender, image: "registry.example.com/shop/recommender:1.8.1"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: analytics, namespace: shop, annotations: {kubernetes.io/change-cause: "analytics 0.4.0"}}
spec:
  template:
    spec:
      containers:
      - {name: analytics, image: "registry.example.com/shop/analytics:0.4.0", resources: {requests: {cpu: "64"}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: notifier, namespace: shop, annotations: {kubernetes.io/change-cause: "notifier 1.0.2"}}
spec:
  template:
    spec:
      containers:
      - name: notifier
        image: registry.example.com/shop/notifier:1.0.2
        env: [{name: SMTP_HOST, valueFrom: {configMapKeyRef: {name: notifier-settings, key: SMTP_HOST}}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: gateway, namespace: shop, annotations: {kubernetes.io/change-cause: "gateway 0.9.3"}}
spec:
  template:
    spec:
      containers:
      - {name: gateway, image: "registry.example.com/shop/gateway:0.9.3"}
`;
