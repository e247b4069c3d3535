import type { Command } from 'commander';
import type { CliIo } from './cli_io.js';
import { doctorReport, formatDoctorReport } from './doctor.js';

export function addDoctorCommand(program: Command, io: CliIo): void {
  program
    .command('doctor')
    .description('list the adapters of this machine, which one is chosen and why, and what could be improved')
    .option('--json', 'print the report as one JSON document')
    .action(async (options: { json?: boolean }) => {
      const report = await doctorReport();
      io.out(`${options.json ? JSON.stringify(report, null, 2) : formatDoctorReport(report)}\n`);
    });
}
