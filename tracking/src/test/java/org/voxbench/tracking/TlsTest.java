package org.voxbench.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.voxbench.tracking.server.TestServer;

/** A tracking server behind TLS with a certificate that nobody has signed. */
@Timeout(120)
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class TlsTest {

  private static final String PASSWORD = "changeit";
  private static final String[] PROPERTIES = {
    "javax.net.ssl.trustStore", "javax.net.ssl.trustStorePassword"
  };

  @TempDir private Path folder = Path.of("");
  private final List<String> before = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private TestServer server;
  private HttpsServer tls;

  @BeforeEach
  void start() throws Exception {
    for (String property : PROPERTIES) {
      before.add(System.getProperty(property));
    }
    server = new TestServer(folder.resolve("artifacts"));
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    assumeTrue(Files.isExecutable(keytool), "skipped: this Java has no keytool");
    keytool(
        keytool,
        "-genkeypair",
        "-alias",
        "own",
        "-keyalg",
        "EC",
        "-dname",
        "CN=127.0.0.1",
        "-ext",
        "SAN=ip:127.0.0.1",
        "-validity",
        "2");
    keytool(
        keytool,
        "-exportcert",
        "-alias",
        "own",
        "-rfc",
        "-file",
        folder.resolve("own.pem").toString());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve("keys.p12"))) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    tls = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    tls.setHttpsConfigurator(new HttpsConfigurator(context));
    tls.setExecutor(Executors.newCachedThreadPool());
    tls.createContext("/", this::forward);
    tls.start();
  }

  private void keytool(Path keytool, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(keytool.toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore"));
    command.add(folder.resolve("keys.p12").toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private void forward(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      HttpResponse<byte[]> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(server.uri() + exchange.getRequestURI().toString()))
                  .header("Content-Type", "application/json")
                  .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body))
                  .build(),
              BodyHandlers.ofByteArray());
      int length = answer.body().length;
      exchange.sendResponseHeaders(answer.statusCode(), length == 0 ? -1 : length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void stop() {
    for (int i = 0; i < PROPERTIES.length; i++) {
      if (before.get(i) == null) {
        System.clearProperty(PROPERTIES[i]);
      } else {
        System.setProperty(PROPERTIES[i], before.get(i));
      }
    }
    if (tls != null) {
      tls.stop(0);
    }
    server.close();
  }

  /** Talks through MLflow's client and through the JDK's. */
  private void works(Map<String, String> environment) throws Exception {
    URI address = URI.create("https://127.0.0.1:" + tls.getAddress().getPort());
    Credentials credentials = Credentials.fromEnvironment(environment);
    try (Tracker tracker =
        new Tracker(address, credentials, Duration.ofSeconds(20), Duration.ZERO)) {
      String unused = tracker.identity();
      TrackedRun run = tracker.open(new NewRun("tls", "k", "n", Instant.ofEpochMilli(1), Map.of()));
      run.metrics(List.of(new MetricPoint("m", 1, 1, Instant.ofEpochMilli(5))));
      run.artifact("f", Files.writeString(folder.resolve("f"), "f"));
    }
  }

  @Test
  void aCertificateThatNobodySignedIsRefusedAndTheCureIsNamed() {
    assertThatThrownBy(() -> works(Map.of()))
        .isInstanceOf(TrackingUnavailableException.class)
        .hasMessageContaining("MLFLOW_TRACKING_SERVER_CERT_PATH");
  }

  @Test
  void theCertificateInTheServerCertPathIsTrusted() throws Exception {
    works(Map.of("MLFLOW_TRACKING_SERVER_CERT_PATH", folder.resolve("own.pem").toString()));
  }

  @Test
  void insecureTlsTakesAnyCertificate() throws Exception {
    works(Map.of("MLFLOW_TRACKING_INSECURE_TLS", "true"));
  }

  @Test
  void aCertPathThatIsNoCertificateIsNamed() throws Exception {
    Path wrong = Files.writeString(folder.resolve("wrong.pem"), "not one");
    for (Path path : List.of(wrong, folder.resolve("none.pem"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> works(Map.of("MLFLOW_TRACKING_SERVER_CERT_PATH", path.toString())))
          .withMessageContaining("MLFLOW_TRACKING_SERVER_CERT_PATH: expected a PEM file")
          .withMessageContaining(path.toString());
    }
  }
}
