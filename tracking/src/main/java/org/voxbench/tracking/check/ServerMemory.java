package org.voxbench.tracking.check;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** Memory of a server on this machine, as Linux tells it: every page once, shared ones by share. */
public final class ServerMemory {

  private static final Path PROC = Path.of("/proc");

  private ServerMemory() {}

  /** Bytes of a process and all it started. */
  public static OptionalLong bytes(ProcessHandle root) {
    return Stream.concat(Stream.of(root), root.descendants())
        .map(ServerMemory::ofOne)
        .filter(OptionalLong::isPresent)
        .map(OptionalLong::getAsLong)
        .reduce(Long::sum)
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  /** Bytes of the server at this address; empty unless it runs on this Linux machine. */
  public static OptionalLong bytes(URI server) throws IOException {
    Optional<ProcessHandle> owner = listener(server.getPort());
    return owner.isEmpty() ? OptionalLong.empty() : bytes(eldest(owner.get()));
  }

  /** The oldest ancestor of the same program: a server of many processes has one parent. */
  private static ProcessHandle eldest(ProcessHandle process) {
    ProcessHandle eldest = process;
    for (Optional<ProcessHandle> parent = process.parent();
        parent.isPresent()
            && parent.get().info().command().equals(process.info().command())
            && process.info().command().isPresent();
        parent = parent.get().parent()) {
      eldest = parent.get();
    }
    return eldest;
  }

  private static OptionalLong ofOne(ProcessHandle process) {
    try {
      for (String line : Files.readAllLines(PROC.resolve(process.pid() + "/smaps_rollup"))) {
        if (line.startsWith("Pss:")) {
          return OptionalLong.of(Long.parseLong(line.replaceAll("\\D", "")) << 10);
        }
      }
      return OptionalLong.empty();
    } catch (IOException goneOrForbidden) {
      return OptionalLong.empty();
    }
  }

  private static Optional<ProcessHandle> listener(int port) throws IOException {
    String suffix = String.format(":%04X", port).toUpperCase(Locale.ROOT);
    Set<String> sockets = new HashSet<>();
    for (String table : List.of("net/tcp", "net/tcp6")) {
      if (Files.exists(PROC.resolve(table))) {
        for (String line : Files.readAllLines(PROC.resolve(table))) {
          String[] fields = line.strip().split(" +", -1);
          // State 0A is LISTEN.
          if (fields.length > 9 && fields[1].endsWith(suffix) && fields[3].equals("0A")) {
            sockets.add("socket:[" + fields[9] + "]");
          }
        }
      }
    }
    return ProcessHandle.allProcesses()
        .filter(process -> holds(process, sockets))
        .min((a, b) -> Long.compare(a.pid(), b.pid()));
  }

  private static boolean holds(ProcessHandle process, Set<String> sockets) {
    try (Stream<Path> open = Files.list(PROC.resolve(process.pid() + "/fd"))) {
      return open.anyMatch(
          file -> {
            try {
              return sockets.contains(Files.readSymbolicLink(file).toString());
            } catch (IOException closed) {
              return false;
            }
          });
    } catch (IOException | java.io.UncheckedIOException goneOrForbidden) {
      return false;
    }
  }
}
