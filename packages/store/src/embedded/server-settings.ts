/** What the embedded server is started with: loopback only, small, no helpers it does not need. */
export function serverSettings(options: { port: number; durable: boolean }): string[] {
  const settings: Record<string, string | number> = {
    listen_addresses: "127.0.0.1",
    port: options.port,
    unix_socket_directories: "",
    max_connections: 40,
    shared_buffers: "32MB",
    work_mem: "4MB",
    maintenance_work_mem: "32MB",
    wal_buffers: "1MB",
    max_wal_size: "256MB",
    // Nobody replicates from a private server: less write-ahead log, no sender processes.
    wal_level: "minimal",
    max_wal_senders: 0,
    max_worker_processes: 1,
    max_parallel_workers: 0,
    max_logical_replication_workers: 0,
    autovacuum_max_workers: 1,
    autovacuum_worker_slots: 1,
    // PostgreSQL 18 would start three I/O workers.
    io_method: "sync",
    huge_pages: "off",
    jit: "off",
    log_destination: "stderr",
    logging_collector: "off",
    lc_messages: "C",
    timezone: "UTC",
    ...(options.durable
      ? {}
      : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}
