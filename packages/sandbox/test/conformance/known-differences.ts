/** Cases that the sandbox answers otherwise than the recorded control plane, and why. */
export const knownDifferences: ReadonlyMap<number | string, string> = new Map<number | string, string>([
  [214, 'the sandbox serves an empty OpenAPI v2 document; everything that is in it is in v3'],
  [351, 'autoscaling is not simulated, and the autoscaler says so in its conditions'],
  [373, 'nothing runs in simulated containers: exec answers 501 and says so; the recorded cluster refuses it with words of its own'],
  [377, 'as exec: cp runs tar in a container'],
  [503, 'autoscaling is not simulated'],
  [573, 'a deleted pod goes with one change fewer: the recorded kubelet wrote its status once more'],
  [
    'strategic patch, replace',
    'status and revisions that controllers write in between: the recorded cluster answers differently each time too',
  ],
  ['json patch', 'as above'],
  ['read the scale', 'as above'],
  ['change the scale', 'as above'],
  ['change the status', 'as above'],
  ['delete in the foreground', 'as above'],
  ['rules review', 'the rules of several bindings stand in the order of their names; the recorded server has no order'],
]);

/** Cases that an older kubectl (1.34 or 1.35) words otherwise by itself, whatever the server says. */
export const olderClientDifferences: ReadonlySet<number> = new Set([
  1, 2, 3, 29, 70, 73, 138, 145, 166, 170, 182, 201, 249, 256, 264, 300, 358, 379, 380, 382, 383, 384, 385, 386, 387, 416, 561, 629, 703,
]);

/** What stands in requests that the sandbox answers otherwise than a real API server, and why. */
export const knownRequestDifferences: readonly (readonly [part: string, reason: string])[] = [
  ['/apis/autoscaling/v1/', 'fields of autoscaling/v1 are owned in the form of autoscaling/v2'],
  ['"kind":"Node"', 'nodes are ready from the start: they get no taint that says otherwise'],
  ['"body":{"kind":"Secret"}', 'a patch that makes another kind of an object is refused with other words'],
  ['seccomp.security.alpha.kubernetes.io/pod', 'annotations that became fields long ago are not looked at'],
  ['"kind":"SelfSubjectReview"', 'the recorded administrator has a certificate'],
  ['"rules":[]', 'who sets a list that is always written to nothing does not own it'],
  ['"limits":[]', 'as above'],
  ['"labels":{"a":1.5}', 'a strategic patch with a fraction for a text is refused with other words'],
];
