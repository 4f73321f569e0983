import type { Command } from 'commander';

/**
 * Every command of `swipenet`, in the order in which the help lists them; the first is the default. Each is loaded when
 * it is asked for: a server that starts reads no line of the trainer.
 */
export const commands = {
  serve: async () => (await import('./serve.ts')).serveCommand,
  score: async () => (await import('./score.ts')).scoreCommand,
  dataset: async () => (await import('./dataset.ts')).datasetCommand,
  train: async () => (await import('./train.ts')).trainCommand,
  evaluate: async () => (await import('./evaluate.ts')).evaluateCommand,
  models: async () => (await import('./models.ts')).modelsCommand,
} as const satisfies Record<string, () => Promise<Command>>;

/** The name of a command. */
export type CommandName = keyof typeof commands;
