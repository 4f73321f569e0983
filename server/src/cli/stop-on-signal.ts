/**
 * A signal that aborts at Ctrl-C or SIGTERM; `asked` is called then. A second one ends the process with exit code 1.
 * Disposed of, it listens no more.
 */
export function stopOnSignal(asked: () => void): AbortSignal & Disposable {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(1);
    controller.abort();
    asked();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const dispose = () => void process.off('SIGINT', stop).off('SIGTERM', stop);
  return Object.assign(controller.signal, { [Symbol.dispose]: dispose });
}
