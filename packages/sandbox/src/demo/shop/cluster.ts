/** Three nodes, a storage class and the namespace of the shop. */
export const cluster: string = `
apiVersion: v1
kind: Node
metadata:
  name: demo-control-plane
  labels: {kubernetes.io/hostname: demo-control-plane, kubernetes.io/os: linux, kubernetes.io/arch: amd64, node-role.kubernetes.io/control-plane: ""}
spec:
  podCIDR: 10.244.0.0/24
  podCIDRs: [10.244.0.0/24]
  taints: [{key: node-role.kubernetes.io/control-plane, effect: NoSchedule}]
status:
  capacity: {cpu: "4", memory: 8Gi, pods: "110", ephemeral-storage: 100Gi}
  allocatable: {cpu: "4", memory: 8Gi, pods: "110", ephemeral-storage: 100Gi}
  addresses: [{type: InternalIP, address: 172.18.0.2}, {type: Hostname, address: demo-control-plane}]
  nodeInfo: {architecture: amd64, operatingSystem: linux, kubeletVersion: v1.36.3+sandbox, kubeProxyVersion: "", osImage: simulated, kernelVersion: simulated, containerRuntimeVersion: "sandbox://1.0.0", bootID: "", machineID: "", systemUUID: ""}
---
apiVersion: v1
kind: Node
metadata:
  name: demo-worker
  labels: {kubernetes.io/hostname: demo-worker, kubernetes.io/os: linux, kubernetes.io/arch: amd64, topology.kubernetes.io/zone: zone-a}
spec: {podCIDR: 10.244.1.0/24, podCIDRs: [10.244.1.0/24]}
status:
  capacity: {cpu: "4", memory: 8Gi, pods: "110", ephemeral-storage: 100Gi}
  allocatable: {cpu: "4", memory: 8Gi, pods: "110", ephemeral-storage: 100Gi}
  addresses: [{type: InternalIP, address: 172.18.0.3}, {type: Hostname, address: demo-worker}]
  nodeInfo: {architecture: amd64, operatingSystem: linux, kubeletVersion: v1.36.3+sandbox, kubeProxyVersion: "", osImage: simulated, kernelVersion: simulated, containerRuntimeVersion: "sandbox://1.0.0", bootID: "", machineID: "", systemUUID: ""}
---
apiVersion: v1
kind: Node
metadata:
  name: demo-worker2
  labels: {kubernetes.io/hostname: demo-worker2, kubernetes.io/os: linux, kubernetes.io/arch: amd64, topology.kubernetes.io/zone: zone-b}
spec: {podCIDR: 10.244.2.0/24, podCIDRs: [10.244.2.0/24]}
status:
  capacity: {cpu: "4", memory: 8Gi, pods: "110", ephemeral-storage: 100Gi}
  allocatable: {cpu: "4", memory: 8Gi, pods: "110", ephemeral-storage: 100Gi}
  addresses: [{type: InternalIP, address: 172.18.0.4}, {type: Hostname, address: demo-worker2}]
  nodeInfo: {architecture: amd64, operatingSystem: linux, kubeletVersion: v1.36.3+sandbox, kubeProxyVersion: "", osImage: simulated, kernelVersion: simulated, containerRuntimeVersion: "sandbox://1.0.0", bootID: "", machineID: "", systemUUID: ""}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: standard
  annotations: {storageclass.kubernetes.io/is-default-class: "true"}
provisioner: sandbox.example.com/volumes
reclaimPolicy: Delete
volumeBindingMode: WaitForFirstConsumer
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: shop}}
`;
