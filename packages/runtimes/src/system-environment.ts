/**
 * Variables of every managed runtime (spec §3.4) that depend on neither function nor worker.
 * LANG is Lambda's; Python's bootstrap needs no such locale to be installed.
 */
export const systemEnvironment = {
  LANG: "en_US.UTF-8",
  TZ: ":UTC",
  SHLVL: "0",
  PWD: "/var/task",
  PATH: "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
  LD_LIBRARY_PATH:
    "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib",
  LAMBDA_TASK_ROOT: "/var/task",
  LAMBDA_RUNTIME_DIR: "/var/runtime",
} as const;
