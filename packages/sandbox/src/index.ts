export type {
  Change,
  AdmissionPlugin,
  AdmissionRequest,
  Api,
  DeleteOptions,
  Kubelet,
  LogLine,
  Patch,
  Selection,
  User,
  WriteOptions,
} from './api/types.ts';
export type { KubeObject, ObjectMeta, OwnerReference, StringMap } from './api/object.ts';
export { ApiError, isApiError } from './api/errors.ts';
export type { Identity } from './auth/authenticate.ts';
export type { Clock, ManualClock } from './clock.ts';
export { manualClock, systemClock } from './clock.ts';
export type { Json, JsonMap } from './json.ts';
export type { Random } from './random.ts';
export { seededRandom } from './random.ts';
export type { LoggedRequest, Sandbox, SandboxOptions, World } from './sandbox.ts';
export { createSandbox } from './sandbox.ts';
export type { Demo, DemoOptions } from './demo/create-demo.ts';
export { createDemo } from './demo/create-demo.ts';
export type { DemoProblem } from './demo/shop/problems.ts';
export type { SimulatedWorld, WorldOptions } from './world/world.ts';
export { startWorld } from './world/world.ts';
export type { Behaviour } from './world/kubelet/behaviour.ts';
export { parseBehaviours } from './world/kubelet/behaviour.ts';
