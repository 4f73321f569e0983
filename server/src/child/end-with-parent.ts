// Loaded before a program, so that it ends when the process is gone that started it.

process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.channel?.unref(); // the program ends as it would without this
