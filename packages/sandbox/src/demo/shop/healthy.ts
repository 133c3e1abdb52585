/** The shop as it ran before its last release: everything is well. */
export const healthy: string = `
apiVersion: v1
kind: ConfigMap
metadata: {name: web-settings, namespace: shop}
data: {LOG_LEVEL: info, CART_URL: "http://cart.shop.svc", CATALOG_URL: "http://catalog.shop.svc"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: payments-settings, namespace: shop}
data: {DATABASE_URL: "postgres://payments@db.shop.svc:5432/payments"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: notifier-settings, namespace: shop}
data: {SMTP_PORT: "587", SENDER: "orders@shop.example.com"}
---
apiVersion: v1
kind: Secret
metadata: {name: db-credentials, namespace: shop}
type: Opaque
stringData: {username: shop, password: not-a-real-password}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: web}, annotations: {kubernetes.io/change-cause: "web 2.3.0"}}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, tier: front}}
    spec:
      containers:
      - name: web
        image: registry.example.com/shop/web:2.3.0
        ports: [{name: http, containerPort: 8080}]
        envFrom: [{configMapRef: {name: web-settings}}]
        resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 128Mi}}
        readinessProbe: {httpGet: {path: /healthz, port: http}, periodSeconds: 5}
        livenessProbe: {httpGet: {path: /healthz, port: http}, initialDelaySeconds: 10}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: catalog, namespace: shop, labels: {app: catalog}, annotations: {kubernetes.io/change-cause: "catalog 3.7.1"}}
spec:
  replicas: 2
  selector: {matchLabels: {app: catalog}}
  template:
    metadata: {labels: {app: catalog, tier: back}}
    spec:
      containers:
      - name: catalog
        image: registry.example.com/shop/catalog:3.7.1
        ports: [{containerPort: 8080}]
        resources: {requests: {cpu: 50m, memory: 64Mi}, limits: {memory: 128Mi}}
        readinessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 5}
---
apiVersion: v1
kind: Service
metadata: {name: catalog, namespace: shop, labels: {app: catalog}}
spec: {selector: {app: catalog}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop, labels: {app: db}}
spec:
  serviceName: db
  replicas: 1
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db, tier: data}}
    spec:
      containers:
      - name: db
        image: registry.example.com/base/postgres:16.4
        ports: [{name: postgres, containerPort: 5432}]
        env: [{name: POSTGRES_PASSWORD, valueFrom: {secretKeyRef: {name: db-credentials, key: password}}}]
        resources: {requests: {cpu: 100m, memory: 256Mi}, limits: {memory: 512Mi}}
        readinessProbe: {tcpSocket: {port: postgres}, periodSeconds: 5}
        volumeMounts: [{name: data, mountPath: /var/lib/postgresql/data}]
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {clusterIP: None, selector: {app: db}, ports: [{name: postgres, port: 5432}]}
---
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, namespace: shop}
spec:
  backoffLimit: 2
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: migrate
        image: registry.example.com/shop/migrate:1.1.0
        resources: {requests: {cpu: 50m, memory: 32Mi}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop, labels: {app: cart}, annotations: {kubernetes.io/change-cause: "cart 1.12.4"}}
spec:
  replicas: 2
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart, tier: back}}
    spec:
      containers:
      - name: cart
        image: registry.example.com/shop/cart:1.12.4
        ports: [{containerPort: 8080}]
        resources: {requests: {cpu: 50m, memory: 64Mi}, limits: {memory: 128Mi}}
        readinessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 5}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop, labels: {app: cart}}
spec: {selector: {app: cart}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: payments, namespace: shop, labels: {app: payments}, annotations: {kubernetes.io/change-cause: "payments 4.1.0"}}
spec:
  replicas: 2
  strategy: {type: Recreate}
  selector: {matchLabels: {app: payments}}
  template:
    metadata: {labels: {app: payments, tier: back}}
    spec:
      containers:
      - name: payments
        image: registry.example.com/shop/payments:4.1.0
        ports: [{containerPort: 8080}]
        env: [{name: DATABASE_URL, valueFrom: {configMapKeyRef: {name: payments-settings, key: DATABASE_URL}}}]
        resources: {requests: {cpu: 50m, memory: 64Mi}, limits: {memory: 128Mi}}
        readinessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 5}
---
apiVersion: v1
kind: Service
metadata: {name: payments, namespace: shop, labels: {app: payments}}
spec: {selector: {app: payments}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: search, namespace: shop, labels: {app: search}, annotations: {kubernetes.io/change-cause: "search 3.0.0"}}
spec:
  replicas: 1
  strategy: {type: Recreate}
  selector: {matchLabels: {app: search}}
  template:
    metadata: {labels: {app: search, tier: back}}
    spec:
      containers:
      - name: search
        image: registry.example.com/shop/search:3.0.0
        ports: [{containerPort: 8080}]
        resources: {requests: {cpu: 50m, memory: 64Mi}, limits: {memory: 128Mi}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: recommender, namespace: shop, labels: {app: recommender}, annotations: {kubernetes.io/change-cause: "recommender 1.7.2"}}
spec:
  replicas: 1
  strategy: {type: Recreate}
  selector: {matchLabels: {app: recommender}}
  template:
    metadata: {labels: {app: recommender, tier: back}}
    spec:
      containers:
      - name: recommender
        image: registry.example.com/shop/recommender:1.7.2
        ports: [{containerPort: 8080}]
        resources: {requests: {cpu: 50m, memory: 64Mi}, limits: {memory: 64Mi}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: analytics, namespace: shop, labels: {app: analytics}, annotations: {kubernetes.io/change-cause: "analytics 0.3.9"}}
spec:
  replicas: 1
  strategy: {type: Recreate}
  selector: {matchLabels: {app: analytics}}
  template:
    metadata: {labels: {app: analytics, tier: back}}
    spec:
      containers:
      - name: analytics
        image: registry.example.com/shop/analytics:0.3.9
        resources: {requests: {cpu: 500m, memory: 64Mi}, limits: {memory: 128Mi}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: notifier, namespace: shop, labels: {app: notifier}, annotations: {kubernetes.io/change-cause: "notifier 1.0.1"}}
spec:
  replicas: 1
  strategy: {type: Recreate}
  selector: {matchLabels: {app: notifier}}
  template:
    metadata: {labels: {app: notifier, tier: back}}
    spec:
      containers:
      - name: notifier
        image: registry.example.com/shop/notifier:1.0.1
        env: [{name: SENDER, valueFrom: {configMapKeyRef: {name: notifier-settings, key: SENDER}}}]
        resources: {requests: {cpu: 50m, memory: 32Mi}, limits: {memory: 64Mi}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: gateway, namespace: shop, labels: {app: gateway}, annotations: {kubernetes.io/change-cause: "gateway 0.9.2"}}
spec:
  replicas: 1
  strategy: {type: Recreate}
  selector: {matchLabels: {app: gateway}}
  template:
    metadata: {labels: {app: gateway, tier: front}}
    spec:
      containers:
      - name: gateway
        image: registry.example.com/shop/gateway:0.9.2
        ports: [{containerPort: 8080}]
        readinessProbe: {httpGet: {path: /ready, port: 8080}, periodSeconds: 5}
        resources: {requests: {cpu: 50m, memory: 32Mi}, limits: {memory: 64Mi}}
---
apiVersion: v1
kind: Service
metadata: {name: gateway, namespace: shop, labels: {app: gateway}}
spec: {type: NodePort, selector: {app: gateway}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}
`;
