package org.voxbench.workflows.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A shell in a mount namespace of its own, for a home folder that others do not see: what it mounts
 * is gone when it and its children are.
 */
record SmallDisk(Process process, PrintStream in, BufferedReader out, Path folder)
    implements AutoCloseable {

  private static final String END = "<<end ";

  /** What a command said, on standard output and standard error, and its exit code. */
  record Said(int code, String text) {}

  /** Opens the shell in the folder that holds {@code home}. */
  static SmallDisk mounted(Path home) throws IOException {
    Process process =
        new ProcessBuilder("unshare", "--mount", "sh")
            .directory(Objects.requireNonNull(home.getParent()).toFile())
            .redirectErrorStream(true)
            .start();
    return new SmallDisk(
        process,
        new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8),
        process.inputReader(StandardCharsets.UTF_8),
        Objects.requireNonNull(home.getParent()));
  }

  /** The home folder as the shell sees it. */
  Path home() {
    return Path.of("/proc/" + process.pid() + "/root" + folder.resolve("home"));
  }

  Said shell(String command) throws IOException {
    in.println("{ " + command + "\n} 2>&1; code=$?; echo; echo '" + END + "'$code");
    StringBuilder text = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(END)) {
        return new Said(Integer.parseInt(line.substring(END.length())), text.toString());
      }
      text.append(line).append('\n');
    }
    return new Said(127, text.toString());
  }

  private static String command(String arguments) {
    return "( cd home && exec "
        + Path.of(System.getProperty("java.home"), "bin", "java")
        + " -XX:TieredStopAtLevel=1 -Dvoxbench.disk.reserve.mebibytes=24 -cp '"
        + System.getProperty("java.class.path")
        + "' "
        + Main.class.getName()
        + " "
        + arguments
        + " --home . </dev/null )";
  }

  Said voxbench(String arguments) throws IOException {
    return shell(command(arguments));
  }

  /** Begins a command and gives its process. */
  long begin(String arguments) throws IOException {
    String background = command(arguments) + " >said 2>&1 & echo $!";
    return Long.parseLong(shell(background).text().strip());
  }

  /** What the command said that was begun. */
  String said() {
    try {
      return Files.readString(folder.resolve("said"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it goes on; one that ended stays in the table of processes until the shell looks. */
  static boolean lives(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException gone) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    in.close();
    out.close();
    process
        .onExit()
        .completeOnTimeout(process, 10, TimeUnit.SECONDS)
        .thenAccept(Process::destroyForcibly)
        .join();
  }
}
