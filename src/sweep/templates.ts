import type { SweepPlan } from './plan.js';

export const CLUSTERS = ['slurm', 'kubernetes'] as const;
export type Cluster = (typeof CLUSTERS)[number];

/** Tasks of an array job: Slurm's default MaxArraySize is 1001. Each simulates its share of the points. */
const MAX_TASKS = 1000;
const TASKS_AT_ONCE = 32;

/**
 * A script for Slurm (sbatch) or a manifest for Kubernetes (kubectl apply) that runs a plan as one array of tasks, each
 * `nce sweep run --index I --of TASKS`. What depends on the cluster is marked by `# adapt`.
 */
export function clusterTemplate(cluster: Cluster, plan: SweepPlan, planFile: string, folder: string): string {
  const tasks = Math.min(plan.points.length, MAX_TASKS);
  return cluster === 'slurm'
    ? slurmScript(plan.name, tasks, planFile, folder)
    : kubernetesJob(plan.name, tasks, planFile, folder);
}

function slurmScript(name: string, tasks: number, planFile: string, folder: string): string {
  return `#!/bin/bash
#SBATCH --job-name=${name}
#SBATCH --array=0-${tasks - 1}%${TASKS_AT_ONCE}
#SBATCH --cpus-per-task=2
#SBATCH --mem=4G              # adapt
#SBATCH --time=02:00:00       # adapt
##SBATCH --gres=gpu:1         # adapt: one GPU for each task
#SBATCH --output=%x-%A_%a.log
set -euo pipefail
# Tasks may be requeued or submitted again: points that have a result are left out.
nce sweep run ${quoted(planFile)} --index "$SLURM_ARRAY_TASK_ID" --of ${tasks} --out ${quoted(folder)} --quiet
`;
}

function kubernetesJob(name: string, tasks: number, planFile: string, folder: string): string {
  const command = `exec nce sweep run ${quoted(planFile)} --index "$JOB_COMPLETION_INDEX" --of ${tasks} --out ${quoted(folder)} --quiet`;
  const object = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/-$/, '');
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: ${object}
spec:
  completionMode: Indexed
  completions: ${tasks}
  parallelism: ${Math.min(tasks, TASKS_AT_ONCE)}
  backoffLimitPerIndex: 2
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: nce
          image: neural-circuit-engine   # adapt
          workingDir: /sweep
          command: ["/bin/sh", "-c", ${JSON.stringify(command)}]
          resources:
            requests: { cpu: "2", memory: 4Gi }   # adapt; limits: { nvidia.com/gpu: 1 } for a GPU each
          volumeMounts:
            - { name: sweep, mountPath: /sweep }
      volumes:
        - name: sweep
          persistentVolumeClaim: { claimName: sweep }   # adapt: holds the plan, takes the results
`;
}

/** A word for a POSIX shell. */
const quoted = (text: string): string =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
