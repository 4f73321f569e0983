import type { Command } from 'commander';

/**
 * Every `swipenet` command, in the order of the help. Each command is loaded on demand, so starting the server doesn't
 * load the trainer.
 */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./serve/serve.ts')).startCommand,
  serve: async () => (await import('./serve/serve.ts')).serveCommand,
  status: async () => (await import('./status.ts')).statusCommand,
  score: async () => (await import('./score.ts')).scoreCommand,
  dataset: async () => (await import('./dataset/dataset.ts')).datasetCommand,
  train: async () => (await import('./train/train.ts')).trainCommand,
  taste: async () => (await import('./taste/taste.ts')).tasteCommand,
  evaluate: async () => (await import('./evaluate.ts')).evaluateCommand,
  models: async () => (await import('./models/models.ts')).modelsCommand,
  pair: async () => (await import('./devices.ts')).pairCommand,
  link: async () => (await import('./devices.ts')).linkCommand,
  devices: async () => (await import('./devices.ts')).devicesCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  setup: async () => (await import('./setup.ts')).setupCommand,
  service: async () => (await import('./service.ts')).serviceCommand,
  upgrade: async () => (await import('./upgrade.ts')).upgradeCommand,
  completion: async () => (await import('./completion/completion.ts')).completionCommand(loadAll),
};

/** Loads every command. */
const loadAll = (): Promise<readonly Command[]> => Promise.all(Object.values(commands).map((load) => load()));
