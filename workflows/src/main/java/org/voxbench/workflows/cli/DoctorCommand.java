package org.voxbench.workflows.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.cli.shared.SlotOptions;
import org.voxbench.workflows.coordinator.CoordinatorAddress;
import org.voxbench.workflows.coordinator.Coordinators;
import org.voxbench.workflows.coordinator.Ground;
import org.voxbench.workflows.coordinator.HomeInUseException;
import org.voxbench.workflows.coordinator.RemoteCoordinator;
import org.voxbench.workflows.observe.Health;
import org.voxbench.workflows.run.DiskGuard;
import org.voxbench.workflows.web.AccessToken;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks what Voxbench needs of this machine. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description =
        "Checks the JDK, libtorch, processor, GPU, disk, index, coordinator, port and tracking server.")
final class DoctorCommand implements Callable<Integer> {

  private static final int PORT = 5500;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Set<String> FEATURES =
      new TreeSet<>(
          Set.of("avx2", "avx512f", "avx512_bf16", "amx_bf16", "fma", "asimd", "bf16", "neon"));

  @Option(names = "--json", description = "print a JSON array instead")
  private boolean json;

  @Mixin private final HomeOption home = new HomeOption();
  @Spec private CommandSpec spec;

  /** One check: {@code ok}, {@code note} or {@code bad}. */
  private record Finding(String check, String verdict, String sentence) {}

  /** A check that may fail in any way. */
  @FunctionalInterface
  private interface Check {
    String look() throws Exception;
  }

  @Override
  public Integer call() throws IOException {
    List<Finding> findings = new ArrayList<>();
    add(findings, "jdk", DoctorCommand::jdk);
    add(findings, "libtorch", this::libtorch);
    add(findings, "processor", DoctorCommand::processor);
    add(findings, "gpu", DoctorCommand::gpu);
    add(findings, "disk", this::disk);
    add(findings, "index", this::index);
    add(findings, "coordinator", this::coordinator);
    add(findings, "port", DoctorCommand::port);
    add(findings, "tracking", this::tracking);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.MAPPER.writeValueAsString(findings));
    } else {
      findings.forEach(f -> out.printf("%-6s%-12s%s%n", f.verdict(), f.check(), f.sentence()));
    }
    out.flush();
    return findings.stream().anyMatch(f -> f.verdict().equals("bad"))
        ? ExitCode.FAILED
        : ExitCode.DONE;
  }

  private static void add(List<Finding> findings, String name, Check check) {
    try {
      String sentence = check.look();
      boolean note = sentence.startsWith("note: ");
      findings.add(
          new Finding(name, note ? "note" : "ok", note ? sentence.substring(6) : sentence));
    } catch (Exception e) {
      String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      findings.add(new Finding(name, "bad", message));
    }
  }

  private static String jdk() {
    int release = Runtime.version().feature();
    if (release < 17) {
      throw new IllegalStateException("expected a JDK of release 17 or later but found " + release);
    }
    return Runtime.version() + " at " + System.getProperty("java.home");
  }

  /** The coordinator never loads libtorch: it only looks whether the library is there. */
  private String libtorch() throws IOException {
    String path = System.getProperty("java.class.path", "");
    Optional<String> jar =
        Stream.of(path.split(java.io.File.pathSeparator, -1))
            .flatMap(DoctorCommand::jars)
            .filter(name -> name.startsWith("pytorch-native-"))
            .findFirst();
    if (jar.isEmpty()) {
      throw new IllegalStateException(
          "expected pytorch-native on the class path but found none; build again with mvn package");
    }
    boolean unpacked = Files.isDirectory(home.home().natives()) && !isEmpty(home.home().natives());
    return jar.get() + (unpacked ? ", unpacked" : ", to be unpacked by the first worker");
  }

  private static Stream<String> jars(String entry) {
    Path path = Path.of(entry.endsWith("*") ? entry.substring(0, entry.length() - 1) : entry);
    if (!entry.endsWith("*")) {
      return Stream.of(String.valueOf(path.getFileName()));
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList().stream();
    } catch (IOException e) {
      return Stream.of();
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }

  private static String processor() throws IOException {
    int processors = Runtime.getRuntime().availableProcessors();
    Path info = Path.of("/proc/cpuinfo");
    Set<String> features = new TreeSet<>();
    if (Files.exists(info)) {
      for (String line : Files.readAllLines(info)) {
        if (line.startsWith("flags") || line.startsWith("Features")) {
          features.addAll(List.of(line.substring(line.indexOf(':') + 1).strip().split(" ", -1)));
        }
      }
    }
    features.retainAll(FEATURES);
    boolean slow = System.getProperty("os.arch").equals("amd64") && !features.contains("avx2");
    return (slow ? "note: without AVX2 training is slow; " : "")
        + processors
        + " logical processors, "
        + System.getProperty("os.arch")
        + (features.isEmpty() ? "" : ", " + String.join(" ", features));
  }

  private static String gpu() {
    int gpus = SlotOptions.DEFAULT.gpus().size();
    return gpus == 0 ? "note: none; everything is computed on the processors" : gpus + " NVIDIA";
  }

  private String disk() throws IOException {
    Home folder = home.home().prepared();
    Optional<String> full = DiskGuard.of(folder).refusal();
    if (full.isPresent()) {
      throw new IllegalStateException(full.get());
    }
    long free = Files.getFileStore(folder.root()).getUsableSpace() >> 30;
    return free + " GiB free below " + folder.root();
  }

  private String index() throws IOException {
    Home folder = home.home();
    try (Ground ground = Ground.glance(folder)) {
      return ground.journal().runs().counts().values().stream().mapToInt(n -> n).sum() + " runs";
    } catch (HomeInUseException e) {
      return "held by "
          + RemoteCoordinator.answering(folder).map(c -> "a coordinator").orElse("a command");
    }
  }

  /** What the coordinator that serves says of itself. */
  private String coordinator() throws Exception {
    Home folder = home.home();
    Optional<CoordinatorAddress> known = CoordinatorAddress.of(folder);
    if (known.isEmpty() || !Coordinators.isServed(folder)) {
      return "none is running; commands work by themselves";
    }
    URI address = known.get().address();
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve("/health/ready"))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + AccessToken.of(folder.root()).value())
            .build();
    String answer = client().send(request, BodyHandlers.ofString()).body();
    Health.Verdict verdict = Json.MAPPER.readValue(answer, Health.Verdict.class);
    if (verdict.up()) {
      return address + " is ready for work";
    }
    throw new IllegalStateException(
        address
            + " is not ready for work: "
            + verdict.checks().stream()
                .filter(check -> !check.status().equals("UP"))
                .map(check -> check.name() + ": " + check.message())
                .collect(Collectors.joining("; ")));
  }

  private static HttpClient client() {
    return HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  }

  private static String port() throws IOException {
    try (ServerSocket socket = new ServerSocket(PORT, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + socket.getLocalPort() + " is free for voxbench serve";
    } catch (IOException e) {
      return "note: 127.0.0.1:" + PORT + " is taken; use voxbench serve --port";
    }
  }

  private String tracking() throws Exception {
    Optional<CoordinatorAddress> known = CoordinatorAddress.of(home.home());
    String other = System.getenv("MLFLOW_TRACKING_URI");
    if (known.isEmpty() && other == null) {
      return "note: no server is running; voxbench serve starts one";
    }
    URI server = known.isPresent() ? known.get().address() : URI.create(other);
    HttpRequest request =
        HttpRequest.newBuilder(
                server.resolve("/api/2.0/mlflow/experiments/get-by-name?experiment_name=Default"))
            .timeout(PATIENCE)
            .build();
    int status = client().send(request, BodyHandlers.discarding()).statusCode();
    return status < 500
        ? server + " answers"
        : "note: " + server + " answers with status " + status;
  }
}
