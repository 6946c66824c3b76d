/**
 * Aborted by SIGTERM and SIGINT, however often they come: a terminal's Ctrl-C comes twice, from the terminal and from the parent, and
 * the second must not kill. Imports nothing, so that it can be asked for before anything else is loaded.
 */
export function stopSignals(process: NodeJS.Process): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      stop.abort();
    });
  }
  return stop.signal;
}
