package org.voxbench.tracking.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.tracking.server.TestServer.Reply;

/** Bytes in, the same bytes out, and no way out of the folder. */
class ArtifactsTest {

  private static final String ROOT = "/api/2.0/mlflow-artifacts/artifacts";

  private static TestServer server;
  private static Path artifacts = Path.of("");

  private String run = "";
  private String base = "";

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    artifacts = folder.resolve("artifacts");
    Files.writeString(folder.resolve("secret"), "outside");
    server = new TestServer(artifacts);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void newRun() throws Exception {
    run = server.post("runs/create", "{}").json().at("/run/info/run_id").asText();
    base = ROOT + "/0/" + run + "/artifacts/";
  }

  private Reply put(String path, byte[] bytes) throws Exception {
    return server.send(
        server
            .request(base + path)
            .PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes))));
  }

  private HttpResponse<byte[]> range(String path, String range) throws Exception {
    return server.bytes(server.request(base + path).header("Range", range));
  }

  @Test
  void aLargeFileComesBackByteForByteAndNoTemporaryFileStays() throws Exception {
    byte[] bytes = new byte[24 << 20];
    new Random(1).nextBytes(bytes);
    Reply stored = put("weights/model.safetensors", bytes);
    assertThat(stored).isEqualTo(new Reply(200, ""));
    HttpResponse<byte[]> read = server.bytes(server.request(base + "weights/model.safetensors"));
    assertThat(Arrays.equals(read.body(), bytes)).isTrue();
    assertThat(read.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(read.headers().firstValue("Content-Disposition"))
        .hasValue("attachment; filename*=UTF-8''model.safetensors");
    try (var left = Files.list(artifacts.resolve(".incoming"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aSecondPutReplacesTheFirst() throws Exception {
    put("note.txt", new byte[100]);
    put("note.txt", "new".getBytes(StandardCharsets.UTF_8));
    assertThat(server.send(server.request(base + "note.txt")).body()).isEqualTo("new");
  }

  @Test
  void namesWithBlanksPlusAndUmlautsSurvive() throws Exception {
    put("images/a%20b+c+step%C3%9F.png", new byte[] {1});
    assertThat(server.get("artifacts/list?path=images&run_id=" + run).json().at("/files/0/path"))
        .hasToString("\"images/a b+c+stepß.png\"");
    assertThat(server.bytes(server.request(base + "images/a%20b+c+step%C3%9F.png")).body())
        .containsExactly(1);
  }

  @Test
  void bothListsShowFilesAndFolders() throws Exception {
    put("a.txt", new byte[3]);
    put("plots/loss.csv", new byte[5]);
    assertThat(server.get("artifacts/list?run_id=" + run).body())
        .isEqualTo(
            "{\"root_uri\":\"mlflow-artifacts:/0/"
                + run
                + "/artifacts\",\"files\":[{\"path\":\"a.txt\",\"is_dir\":false,\"file_size\":3},"
                + "{\"path\":\"plots\",\"is_dir\":true}]}");
    assertThat(server.get("artifacts/list?path=plots&run_id=" + run).json().at("/files/0/path"))
        .hasToString("\"plots/loss.csv\"");
    String below = ROOT + "?path=0/" + run + "/artifacts";
    assertThat(server.send(server.request(below + "/plots")).body())
        .isEqualTo("{\"files\":[{\"path\":\"loss.csv\",\"is_dir\":false,\"file_size\":5}]}");
    assertThat(server.send(server.request(below + "/a.txt")).body()).isEqualTo("{}");
    assertThat(server.send(server.request(below + "/none")).body()).isEqualTo("{}");
  }

  @Test
  void aRangeGivesItsBytesOnly() throws Exception {
    put("digits", "0123456789".getBytes(StandardCharsets.UTF_8));
    HttpResponse<byte[]> middle = range("digits", "bytes=2-4");
    assertThat(middle.statusCode()).isEqualTo(206);
    assertThat(middle.body()).asString().isEqualTo("234");
    assertThat(middle.headers().firstValue("Content-Range")).hasValue("bytes 2-4/10");
    assertThat(range("digits", "bytes=7-").body()).asString().isEqualTo("789");
    assertThat(range("digits", "bytes=-2").body()).asString().isEqualTo("89");
    assertThat(range("digits", "bytes=8-99").body()).asString().isEqualTo("89");
    HttpResponse<byte[]> outside = range("digits", "bytes=10-");
    assertThat(outside.statusCode()).isEqualTo(416);
    assertThat(outside.headers().firstValue("Content-Range")).hasValue("bytes */10");
    for (String ignored : new String[] {"bytes=4-2", "lines=1-2", "bytes=0-1,3-4", "bytes=-"}) {
      assertThat(range("digits", ignored).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aMissingFileIs404AndDeletingItIsFine() throws Exception {
    Reply missing = server.send(server.request(base + "none"));
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.json().get("error_code").asText()).isEqualTo("RESOURCE_DOES_NOT_EXIST");
    assertThat(server.send(server.request(base + "none").DELETE())).isEqualTo(new Reply(200, "{}"));
  }

  @Test
  void aFolderIsDeletedWithWhatItHolds() throws Exception {
    put("deep/er/file", new byte[1]);
    put("stays", new byte[1]);
    server.send(server.request(base + "deep").DELETE());
    assertThat(server.get("artifacts/list?run_id=" + run).json().get("files")).hasSize(1);
  }

  @Test
  void noPathLeadsOutOfTheRunsFolder() throws Exception {
    String outside = "/0/" + run + "/artifacts/";
    List<String> tricks =
        List.of(
            outside + "../../../../secret",
            outside + "%2e%2e/%2e%2e/%2e%2e/secret",
            outside + "..%2f..%2fsecret",
            outside + "%252e%252e%252fsecret",
            outside + "a/..%5c..%5csecret",
            outside + "%2Fetc%2Fpasswd",
            outside + "/etc/passwd",
            outside + "a%00b",
            "/%2Fetc/passwd",
            "/.incoming/x",
            "/0/" + run + "/other/file",
            "/secret",
            "/0/" + run);
    for (String trick : tricks) {
      for (String method : new String[] {"GET", "PUT", "DELETE"}) {
        assertThat(rawStatus(method, ROOT + trick)).as(method + " " + trick).isEqualTo(400);
      }
    }
    for (String path : List.of("..", "../..", "/etc", "a/../../b", "%252e%252e/", "a%5Cb")) {
      assertThat(server.get("artifacts/list?run_id=" + run + "&path=" + path).body())
          .contains("Invalid path");
    }
    assertThat(Files.readString(artifacts.resolveSibling("secret"))).isEqualTo("outside");
  }

  // java.net.http would tidy such paths before sending them.
  private static int rawStatus(String method, String path) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
      OutputStream out = socket.getOutputStream();
      String head = method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
      out.write((head + "Content-Length: 0\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Integer.parseInt(answer.substring(9, 12));
    }
  }

  @Test
  void anUploadThatBreaksOffLeavesTheOldFile() throws Exception {
    put("kept", "old".getBytes(StandardCharsets.UTF_8));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("PUT " + base + "kept HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf")
              .getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      socket.shutdownOutput();
      InputStream in = socket.getInputStream();
      assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).doesNotContain("200 OK");
    }
    assertThat(server.send(server.request(base + "kept")).body()).isEqualTo("old");
  }

  @Test
  void whatABrokenUploadLeftIsGoneAfterARestart(@TempDir Path folder) throws Exception {
    Path incoming = Files.createDirectories(folder.resolve(".incoming"));
    Path left = Files.write(incoming.resolve("left"), new byte[5]);
    new TestServer(folder).close();
    assertThat(left).doesNotExist();
  }

  @Test
  void aFileIsNoFolderAndAFolderNoFile() throws Exception {
    put("file", new byte[1]);
    put("folder/x", new byte[1]);
    assertThat(put("file/below", new byte[1]).body()).contains("a part of its path is a file");
    assertThat(put("folder", new byte[1]).body()).contains("is a folder");
  }

  @Test
  void artifactsOfARunThatIsNotThereAreRefused() throws Exception {
    String other = ROOT + "/0/" + "0".repeat(32) + "/artifacts/x";
    Reply reply = server.send(server.request(other).PUT(BodyPublishers.ofString("x")));
    assertThat(reply.status()).isEqualTo(404);
    Reply wrong =
        server.send(
            server.request(ROOT + "/5/" + run + "/artifacts/x").PUT(BodyPublishers.ofString("x")));
    assertThat(wrong.body()).contains("is not in experiment 5");
  }
}
