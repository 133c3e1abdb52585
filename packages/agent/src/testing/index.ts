export type { ManualClock, ShiftedClock } from './clocks.ts';
export { manualClock, shiftedClock } from './clocks.ts';
export { collectEvents, eventOf, textOfEvents } from './collect.ts';
export type { FakeTool, FakeToolOptions } from './fake-tools.ts';
export { fakeTool, hang } from './fake-tools.ts';
export type { FaultOptions, FaultyStore, StoreFault } from './faulty-store.ts';
export { faultyStore } from './faulty-store.ts';
