// The event is the whole process's, and so is this list: one listener however many commands run.
const endings = new Set<() => void>();

function endAll(): void {
  for (const end of endings) end();
}

/** Calls back when this process exits, synchronously; returns the way to call it off. */
export function atExit(end: () => void): () => void {
  if (endings.size === 0) process.on('exit', endAll);
  endings.add(end);
  return () => {
    endings.delete(end);
    if (endings.size === 0) process.off('exit', endAll);
  };
}
