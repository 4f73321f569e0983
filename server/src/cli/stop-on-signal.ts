/**
 * A signal that aborts at Ctrl-C or SIGTERM; `asked` is called then. A second one ends the process with exit code 1.
 */
export function stopOnSignal(asked: () => void): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(1);
    controller.abort();
    asked();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return controller.signal;
}
