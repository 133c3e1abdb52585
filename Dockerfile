# syntax=docker/dockerfile:1

# The program is built from source by the workspace's own versions of Node and pnpm.
FROM node:24-bookworm-slim AS builder
WORKDIR /src
COPY . .
RUN npm run --silent setup && deploy/collect.sh /out

# kubectl is checked against the digest that Kubernetes publishes beside it.
FROM debian:bookworm-slim AS kubectl
ARG KUBECTL_VERSION=v1.36.3
ARG TARGETARCH
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates curl \
  && arch="${TARGETARCH:-$(dpkg --print-architecture)}" \
  && curl -fsSLo /kubectl "https://dl.k8s.io/release/${KUBECTL_VERSION}/bin/linux/${arch}/kubectl" \
  && curl -fsSL "https://dl.k8s.io/release/${KUBECTL_VERSION}/bin/linux/${arch}/kubectl.sha256" | sed 's|$|  /kubectl|' | sha256sum --check \
  && chmod 0755 /kubectl

FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates curl \
  && rm -rf /var/lib/apt/lists/*
COPY --from=kubectl /kubectl /bin/kubectl
COPY --from=builder /out /opt/kubelet-wuhrai
# Any user may run it: the state has its own folder, and a kubeconfig is read where root's would be.
RUN ln -s /opt/kubelet-wuhrai/dist/main.js /bin/kubelet-wuhrai \
  && ln -s kubelet-wuhrai /bin/kw \
  && chmod 0755 /root \
  && mkdir -p /var/lib/kubelet-wuhrai \
  && chmod 1777 /var/lib/kubelet-wuhrai
ENV KW_STATE_DIR=/var/lib/kubelet-wuhrai \
  XDG_CACHE_HOME=/tmp/.cache \
  HOME=/root
EXPOSE 8888
CMD ["kubelet-wuhrai","--user-interface=html","--ui-listen-address=0.0.0.0:8888"]
