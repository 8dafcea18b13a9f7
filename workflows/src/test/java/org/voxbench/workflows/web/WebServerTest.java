package org.voxbench.workflows.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.ui.Curve;
import org.voxbench.ui.Dashboard;
import org.voxbench.ui.RunDetails;
import org.voxbench.ui.RunFeed;
import org.voxbench.ui.RunList;
import org.voxbench.ui.RunQuery;
import org.voxbench.ui.ScoreTable;
import org.voxbench.workflows.web.WebServer.CannotListenException;
import org.voxbench.workflows.web.WebServer.Listen;

class WebServerTest {

  private final HttpClient client = HttpClient.newHttpClient();
  private AccessToken token;
  private WebServer server;

  @BeforeEach
  void start(@TempDir Path home) {
    token = AccessToken.of(home);
    server = start(Listen.loopback(0));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private WebServer start(Listen listen) {
    Dashboard dashboard = new Dashboard(new NoRuns(), InstantSource.system());
    return WebServer.start(listen, token, List.of(dashboard::mount, WebServerTest::changes));
  }

  /** Paths that change something, as the tracking API and the commands have them. */
  private static void changes(RoutesConfig routes) {
    routes
        .post("/change", context -> context.result("changed"))
        .put("/change/<path>", context -> context.result("changed"))
        .patch("/change", context -> context.result("changed"))
        .delete("/change", context -> context.result("changed"))
        .get("/broken", context -> failing());
  }

  private static void failing() throws IOException {
    throw new IOException("the disk said no");
  }

  private HttpResponse<String> call(String method, String path, String... headers)
      throws IOException, InterruptedException {
    return call(server, method, path, headers);
  }

  private HttpResponse<String> call(WebServer to, String method, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to.port() + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Sends the request as it stands, with any Host. */
  private String raw(String... lines) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      String request = String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void everyRouteKeepsTheRuleWithoutACredential() throws Exception {
    assertThat(server.routes()).hasSizeGreaterThan(10).contains("POST /change", "GET /runs/{id}");
    for (String route : server.routes()) {
      int status = call(Routes.method(route), Routes.path(route)).statusCode();
      if (Routes.method(route).equals("GET")) {
        assertThat(status).as(route).isNotIn(401, 403);
      } else {
        assertThat(status).as(route).isEqualTo(401);
      }
    }
  }

  @Test
  void reachableFromOutsideEveryRouteNeedsTheToken() throws Exception {
    try (WebServer open = start(new Listen("0.0.0.0", 0))) {
      for (String route : open.routes()) {
        assertThat(call(open, Routes.method(route), Routes.path(route)).statusCode())
            .as(route)
            .isEqualTo(401);
        assertThat(
                call(
                        open,
                        Routes.method(route),
                        Routes.path(route),
                        "Authorization",
                        "Bearer " + token.value())
                    .statusCode())
            .as(route)
            .isNotIn(401, 403);
      }
      assertThat(call(open, "GET", "/nowhere").statusCode()).isEqualTo(401);
      assertThat(call(open, "HEAD", "/").statusCode()).isEqualTo(401);
      assertThat(open.address().toString()).isEqualTo("http://localhost:" + open.port());
    }
  }

  @Test
  void theTokenIsTakenInThreeForms() throws Exception {
    String basic =
        Base64.getEncoder()
            .encodeToString(("anyone:" + token.value()).getBytes(StandardCharsets.UTF_8));
    for (String[] header :
        new String[][] {
          {"Authorization", "Bearer " + token.value()},
          {"authorization", "bearer  " + token.value()},
          {"Authorization", "Basic " + basic},
          {"X-Voxbench-Token", token.value()}
        }) {
      assertThat(call("POST", "/change", header).body()).as(header[1]).isEqualTo("changed");
    }
  }

  @Test
  void whatIsNotTheTokenIsRefusedAndToldWhereToFindIt() throws Exception {
    String wrong = Base64.getEncoder().encodeToString("a:b".getBytes(StandardCharsets.UTF_8));
    for (String[] header :
        new String[][] {
          {},
          {"Authorization", "Bearer"},
          {"Authorization", "Bearer " + token.value() + "x"},
          {"Authorization", "Basic " + wrong},
          {"Authorization", "Basic !!!"},
          {"Authorization", "Digest " + token.value()},
          {"X-Voxbench-Token", ""}
        }) {
      HttpResponse<String> answer = call("DELETE", "/change", header);
      assertThat(answer.statusCode()).as(String.join(" ", header)).isEqualTo(401);
      assertThat(new ObjectMapper().readTree(answer.body()).get("message").asText())
          .contains("the file token", "Authorization: Bearer TOKEN");
      assertThat(answer.body()).doesNotContain(token.value());
    }
  }

  @Test
  void aReadThatClaimsToBeAChangeIsAChange() throws Exception {
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + server.port() + "/change").toURL().openConnection();
    connection.setRequestProperty("X-HTTP-Method-Override", "POST");
    assertThat(connection.getResponseCode()).isEqualTo(401);
    assertThat(call("POST", "/", "X-HTTP-Method-Override", "GET").statusCode()).isEqualTo(401);
  }

  @Test
  void anUnlistedPathIsNotAnswered() throws Exception {
    assertThat(call("GET", "/nowhere").statusCode()).isEqualTo(404);
    assertThat(call("POST", "/nowhere").statusCode()).isEqualTo(401);
    assertThat(call("TRACE", "/").statusCode()).isEqualTo(401);
    assertThat(call("OPTIONS", "/change").statusCode()).isEqualTo(401);
  }

  @Test
  void anotherNameForThisMachineIsRefused() throws Exception {
    assertThat(raw("GET /api/runs HTTP/1.1", "Host: localhost:" + server.port()))
        .startsWith("HTTP/1.1 200");
    assertThat(raw("GET /api/runs HTTP/1.1", "Host: rebound.example:" + server.port()))
        .startsWith("HTTP/1.1 403")
        .contains("was called rebound.example", "--host");
    assertThat(raw("GET /api/runs HTTP/1.0")).startsWith("HTTP/1.1 403");
    assertThat(
            raw(
                "POST /change HTTP/1.1",
                "Host: rebound.example",
                "Content-Length: 0",
                "X-Voxbench-Token: " + token.value()))
        .startsWith("HTTP/1.1 403");
  }

  @Test
  void aPageOfAStrangerMayNotUseTheServerEvenWithTheToken() throws Exception {
    String own = "http://127.0.0.1:" + server.port();
    for (String origin : List.of("http://evil.example", "null", "http://localhost:1")) {
      HttpResponse<String> answer =
          call("POST", "/change", "Origin", origin, "X-Voxbench-Token", token.value());
      assertThat(answer.statusCode()).as(origin).isEqualTo(403);
      assertThat(call("GET", "/", "Origin", origin).statusCode()).isEqualTo(403);
    }
    assertThat(call("POST", "/change", "Origin", own, "X-Voxbench-Token", token.value()).body())
        .isEqualTo("changed");
  }

  @Test
  void aPortInUseIsNamedWithWhatToDo() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> start(Listen.loopback(taken.getLocalPort())))
          .isInstanceOf(CannotListenException.class)
          .hasMessageContaining("port " + taken.getLocalPort() + " on 127.0.0.1 is in use")
          .hasMessageContaining("--port");
    }
  }

  @Test
  void aHostThatIsNotOursIsNamed() {
    assertThatThrownBy(() -> start(new Listen("192.0.2.1", 0)))
        .isInstanceOf(CannotListenException.class)
        .hasMessage("192.0.2.1 is no address of this machine: give one that is with --host");
    assertThatThrownBy(() -> start(new Listen("no such host", 0)))
        .isInstanceOf(CannotListenException.class)
        .hasMessageContaining("no host is known as no such host");
    assertThatThrownBy(() -> new Listen("127.0.0.1", 70_000)).hasMessageContaining("found 70000");
  }

  @Test
  void anUnexpectedFaultTellsTheCallerNothingOfItsInside() throws Exception {
    HttpResponse<String> answer = call("GET", "/broken");
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body())
        .contains("its log names the cause")
        .doesNotContain("disk", "Exception");
    assertThat(call("GET", "/").statusCode()).isEqualTo(200);
  }

  @Test
  void everyAnswerCarriesTheSafeHeaders() throws Exception {
    for (String path : List.of("/", "/nowhere", "/broken", "/api/runs")) {
      HttpResponse<String> answer = call("GET", path);
      assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
          .as(path)
          .contains("default-src 'none'", "frame-ancestors 'none'");
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(answer.headers().firstValue("Server")).isEmpty();
      assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }
  }

  @Test
  void stoppingLetsARequestFinish() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    Consumer<RoutesConfig> slow =
        routes ->
            routes.get(
                "/slow",
                context -> {
                  begun.countDown();
                  finish.await();
                  context.result("whole");
                });
    WebServer stopping = WebServer.start(Listen.loopback(0), token, List.of(slow));
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(
            HttpRequest.newBuilder(stopping.address().resolve("/slow")).build(),
            HttpResponse.BodyHandlers.ofString());
    begun.await();
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(stopping::close);
    finish.countDown();
    assertThat(answer.get().body()).isEqualTo("whole");
    stopped.get();
    assertThatThrownBy(() -> call(stopping, "GET", "/slow")).isInstanceOf(IOException.class);
  }

  @Test
  void fewThreadsServeManyReaders() {
    List<CompletableFuture<HttpResponse<String>>> answers =
        java.util.stream.IntStream.range(0, 120)
            .mapToObj(
                i ->
                    client.sendAsync(
                        HttpRequest.newBuilder(server.address().resolve("/api/runs")).build(),
                        HttpResponse.BodyHandlers.ofString()))
            .toList();
    assertThat(answers).allMatch(answer -> answer.join().statusCode() == 200);
    assertThat(
            Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("web-")))
        .hasSizeLessThanOrEqualTo(24);
  }

  /** A home without runs. */
  private static final class NoRuns implements RunFeed {
    @Override
    public RunList runs(RunQuery query) {
      return new RunList(List.of(), 0, java.util.Map.of());
    }

    @Override
    public Optional<RunDetails> run(String id) {
      return Optional.empty();
    }

    @Override
    public List<Curve> curves(String id) {
      return List.of();
    }

    @Override
    public Optional<ScoreTable> scores(String id) {
      return Optional.empty();
    }

    @Override
    public Optional<Path> file(String id, String path) {
      return Optional.empty();
    }
  }
}
