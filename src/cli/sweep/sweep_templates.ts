import { Argument, type Command } from 'commander';
import { readPlan } from '../../sweep/plan_file.js';
import { defaultSweepFolder } from '../../sweep/sweep_folder.js';
import { CLUSTERS, type Cluster, clusterTemplate } from '../../sweep/templates.js';
import type { CliIo } from '../cli_io.js';

export function addSweepTemplates(sweep: Command, io: CliIo): void {
  sweep
    .command('templates')
    .description('print a Slurm array script or an indexed Kubernetes job that runs a plan')
    .addArgument(new Argument('<cluster>', 'cluster system').choices(CLUSTERS))
    .argument('<plan>', 'plan.json')
    .option('--out <folder>', 'folder for the results (default: sweeps/<name>-<hash>)')
    .action(async (cluster: Cluster, planFile: string, options: { out?: string }) => {
      const plan = await readPlan(planFile);
      io.out(clusterTemplate(cluster, plan, planFile, options.out ?? defaultSweepFolder(plan)));
    });
}
