import { Command } from 'commander';
import { type SettingName, settings } from '../config/settings.ts';

/** A command that takes these settings as flags; its help names their variables too. */
export function commandWith(name: string, description: string, settingNames: readonly SettingName[]): Command {
  const command = new Command(name).description(description);
  for (const setting of settingNames) {
    const { flag, help, variable } = settings[setting];
    command.option(flag, `${help} [${variable}]`);
  }
  return command;
}
