/** Every bound of this package, with its unit and its reason. */
export const sandboxLimits = {
  /** Living sandboxes of one worker; also the size of its range of user ids. */
  sandboxes: 4096,
  /** Scratch directories of one worker: each has a user id of its own. */
  scratches: 4096,
  /** The largest scratch: EphemeralStorage of AWS ends there. */
  scratchMbMax: 10_240,
  /** Inodes of a scratch: one for 16 KiB, as mkfs.ext4 gives them. */
  scratchInodesPerMb: 64,
  /** What a scratch may have free beyond its size: ext4 works in blocks and groups of them. */
  scratchSurplusMb: 1,
  /** Images that mkfs.ext4 makes until one has the right size: the second one usually has. */
  templateAttempts: 5,
  /** Sizes of scratches that a worker remembers the shape of, some 100 kB each. */
  templates: 64,
  /** Volumes made, and removed, at once: each step holds one of the four threads of libuv's pool. */
  volumesMadeAtOnce: 4,
  volumesRemovedAtOnce: 2,
  /** The size of most: the default on AWS, and what environments booted ahead have. */
  usualScratchMb: 512,
  /** Volumes kept ready: of the usual size, and of each of the sizes that were asked for last. */
  readyUsualVolumes: 8,
  readyOtherVolumes: 2,
  readyOtherSizes: 3,
  /** They are made this long after one was taken: not while a cold start is at work. */
  readyVolumesDelayMs: 25,
  /** Room on the disk below /tmp that functions leave to others: the least of the three. */
  diskReserveMb: 1024,
  diskReserveShare: 0.05,
  /** Of what would be free were there nothing in any /tmp. */
  scratchReserveShare: 0.25,
  /** How often the disk is looked at, and the most that all functions write in a millisecond. */
  diskCheckMsMin: 250,
  diskCheckMsMax: 10_000,
  writtenMbPerMs: 4,
  /** A volume with less in it is no reason for a full disk. */
  volumeGivenUpMbMin: 1,
  /** Tries to get a loop device that the kernel says is free: others may be faster. */
  loopDeviceAttempts: 64,
  /** Free loop devices that a worker keeps, and how long it may take to remove them at its end. */
  spareLoopDevices: 32,
  spareLoopDevicesCloseMs: 500,
  /** Ranges of user ids, one for each living worker of the machine. */
  identityRanges: 64,
  /** First host user id that sandboxes run as; above what distributions hand out to users. */
  firstIdentity: 700_000,
  /** Distinct host files and directories that sandboxes of one worker may see. */
  exposedSources: 512,
  /** From spawning bubblewrap until it tells its child's process id. */
  startMs: 10_000,
  /** What bubblewrap may say on its status descriptor: three short JSON documents. */
  statusBytes: 16_384,
  /** Text of a failed start that goes into the error. */
  errorTextBytes: 4096,
  /** Connections to the listener of one sandbox; a runtime and its extensions need about a dozen. */
  listenerConnections: 64,
  /** Pending connections of the listener. */
  listenerBacklog: 64,
  /** Networks that wait for a sandbox; each takes 0.3 MB of the kernel's memory. */
  networksAhead: 16,
  /** One thread makes them: more at once would only wait for it. */
  networksMadeAtOnce: 2,
  /** Workers of one machine that lead their sandboxes out by a pair of devices. */
  uplinks: 64,
  /** Attempts to make a network, each with another address, before the taker is told. */
  networkAttempts: 3,
  /** Connections and exchanges of datagrams of one sandbox at once, as the router counts them. */
  connections: 1024,
  /** Packets to the name server of one sandbox, as many as a machine on AWS may send. */
  lookupsPerSecond: 1024,
  /** Lookups in progress: of one sandbox, and of all. */
  lookupsOfEach: 128,
  lookups: 4096,
  /** For one name server to answer, before the next one is asked. */
  lookupMs: 2000,
  /** Name servers that are asked; the C library looks at no more either. */
  resolvers: 3,
  /** After which /etc/resolv.conf is read again, when somebody asks. */
  resolversReadMs: 5000,
  /** Connections to name servers or to the Lambda API that are passed on: of one sandbox, of all. */
  relayedOfEach: 128,
  relayed: 4096,
  lookupStreamIdleMs: 10_000,
  /** An invocation may take 15 minutes, in which nothing is sent. */
  lambdaApiIdleMs: 1_000_000,
  /** How often the machine's addresses are compared with those that functions must not reach. */
  machineCheckMs: 5000,
  /** From starting pasta until its device is there. */
  pastaStartMs: 10_000,
  pastaCheckMs: 10,
  /** Requests to that thread which have no answer yet. */
  networkTasks: 10_000,
  /** Attempts to remove a control group while the kernel drains it, and the wait between them. */
  removeGroupAttempts: 200,
  removeGroupWaitMs: 5,
  /** A program that has closed everything is about to end: how long between two looks. */
  fetchExitMsMax: 50,
  /** From SIGKILL until bubblewrap is gone. */
  destroyMs: 10_000,
  /** For a reader of the output to take what the ended processes have written. */
  drainMs: 1000,
  /** Processes in a control group that `destroy` kills one by one, as a second line. */
  killedProcesses: 65_536,
  /** Period of the CPU quota; 100 ms is the kernel's own default. */
  cpuPeriodUs: 100_000,
  /** The weight of a sandbox that asks for no less; version 2's default. */
  cpuWeightMax: 100,
  /** The kernel refuses quotas below 1 ms. */
  cpuQuotaUsMin: 1000,
  /** Part of the machine's process ids that a worker's sandboxes may use together. */
  sharedProcessesPart: 0.75,
  /**
   * Part of the machine's memory that their network sockets may hold together: half of what makes
   * the kernel take buffers from everybody (tcp_mem, which is not to be seen in a container).
   */
  sharedSocketMemoryPart: 1 / 32,
  /** Buffers of network sockets, as a part of the memory size: about what a machine of it would give. */
  socketMemoryShare: 0.125,
  socketBytesMin: 16 * 1024 * 1024,
  /** bubblewrap itself and its process 1 count in the group but are not the function's. */
  ownProcesses: 2,
  /** What gVisor's own kernel takes beside the function: 22 MB and 34 threads when it is idle. */
  gvisorMemoryMb: 48,
  gvisorProcesses: 64,
  /** Entries of a directory of dead workers that one start looks at. */
  staleEntries: 4096,
  /** Size of the directory that is shown to sandboxes: configuration and empty mount points. */
  hostDirectoryMb: 64,
  /** Size of /dev/shm inside; charged to the function's memory besides. */
  sharedMemoryMb: 64,
  /** Output of a probe such as `bwrap --version`. */
  probeOutputBytes: 65_536,
  probeMs: 10_000,
  commandArguments: 1024,
  /** Files and links copied from the host's /etc; about 300 on Debian. */
  etcEntries: 5000,
} as const;
