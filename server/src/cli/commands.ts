import type { Command } from 'commander';

/**
 * Every command of `swipenet`, in the order in which the help lists them. Each is loaded when it is asked for: a server
 * that starts reads no line of the trainer.
 */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve/serve.ts')).serveCommand,
  status: async () => (await import('./status.ts')).statusCommand,
  score: async () => (await import('./score.ts')).scoreCommand,
  dataset: async () => (await import('./dataset/dataset.ts')).datasetCommand,
  train: async () => (await import('./train/train.ts')).trainCommand,
  evaluate: async () => (await import('./evaluate.ts')).evaluateCommand,
  models: async () => (await import('./models/models.ts')).modelsCommand,
  pair: async () => (await import('./devices.ts')).pairCommand,
  devices: async () => (await import('./devices.ts')).devicesCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  setup: async () => (await import('./setup.ts')).setupCommand,
};
