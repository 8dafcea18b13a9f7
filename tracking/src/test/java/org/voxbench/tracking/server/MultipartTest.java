package org.voxbench.tracking.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voxbench.tracking.server.TestServer.Reply;

/** Uploads in parts, and downloads by range, as MLflow's Python client makes them. */
class MultipartTest {

  private static final String PROXY = "/api/2.0/mlflow-artifacts/";

  private Path artifacts = Path.of("");
  private TestServer server;
  private String root = "";

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    artifacts = folder.resolve("artifacts");
    server = new TestServer(artifacts);
    String run = server.post("runs/create", "{}").json().at("/run/info/run_id").asText();
    root = "0/" + run + "/artifacts";
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Reply post(String path, String json) throws Exception {
    return server.send(
        server
            .request(PROXY + path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  private JsonNode begin(String folder, int parts) throws Exception {
    String body = "{\"path\":\"/home/ann/model.bin\",\"num_parts\":" + parts + "}";
    return post("mpu/create/" + root + folder, body).json();
  }

  private String put(JsonNode credential, byte[] bytes) throws Exception {
    URI url = URI.create(credential.path("url").asText());
    HttpResponse<byte[]> answer =
        server.bytes(server.request(url.getRawPath()).PUT(BodyPublishers.ofByteArray(bytes)));
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.headers().firstValue("ETag").orElseThrow();
  }

  private static String ending(JsonNode upload, List<String> tags) {
    StringBuilder parts = new StringBuilder();
    for (int i = 0; i < tags.size(); i++) {
      parts
          .append(i == 0 ? "" : ",")
          .append("{\"part_number\":" + (i + 1) + ",\"etag\":\"" + tags.get(i) + "\"}");
    }
    return "{\"path\":\"model.bin\",\"upload_id\":\""
        + upload.path("upload_id").asText()
        + "\",\"parts\":["
        + parts
        + "]}";
  }

  @Test
  void partsThatCameInAnyOrderAreOneFileInTheirOwn() throws Exception {
    JsonNode upload = begin("/weights", 3);
    List<String> tags = new ArrayList<>(Collections.nCopies(3, ""));
    for (int i : new int[] {2, 0, 1}) {
      byte[] part = ("part" + i).getBytes(StandardCharsets.UTF_8);
      tags.set(i, put(upload.at("/credentials/" + i), part));
    }
    assertThat(
            server
                .send(server.request(PROXY + "artifacts/" + root + "/weights/model.bin"))
                .status())
        .isEqualTo(404);
    assertThat(post("mpu/complete/" + root + "/weights", ending(upload, tags)).body())
        .isEqualTo("{}");
    assertThat(
            server.send(server.request(PROXY + "artifacts/" + root + "/weights/model.bin")).body())
        .isEqualTo("part0part1part2");
    assertThat(artifacts.resolve(".incoming")).isEmptyDirectory();
  }

  @Test
  void aPartThatDidNotComeOrCameOtherwiseIsRefusedAndMayComeStill() throws Exception {
    JsonNode upload = begin("", 2);
    String first = put(upload.at("/credentials/0"), new byte[] {1});
    String wrong = "0".repeat(64);
    Reply refused = post("mpu/complete/" + root, ending(upload, List.of(first, wrong)));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body()).contains("part 2 with tag").contains("did not come");
    String second = put(upload.at("/credentials/1"), new byte[] {2});
    assertThat(post("mpu/complete/" + root, ending(upload, List.of(first, second))).status())
        .isEqualTo(200);
  }

  @Test
  void anAbortedUploadLeavesNothing() throws Exception {
    JsonNode upload = begin("", 1);
    put(upload.at("/credentials/0"), new byte[100]);
    assertThat(post("mpu/abort/" + root, ending(upload, List.of())).status()).isEqualTo(200);
    assertThat(artifacts.resolve(".incoming")).isEmptyDirectory();
    assertThat(post("mpu/complete/" + root, ending(upload, List.of("x"))).status()).isEqualTo(404);
  }

  @Test
  void anUploadIsEndedUnderItsOwnPathAlone() throws Exception {
    JsonNode upload = begin("/a", 1);
    String tag = put(upload.at("/credentials/0"), new byte[1]);
    assertThat(post("mpu/complete/" + root + "/b", ending(upload, List.of(tag))).body())
        .contains("of another path");
  }

  @Test
  void noUploadLeadsOutOfTheRunsFolder() throws Exception {
    for (String name : List.of("..", "a/..", "x%2e%2e", "a\\\\..")) {
      Reply reply = post("mpu/create/" + root, "{\"path\":\"" + name + "\",\"num_parts\":1}");
      assertThat(reply.status()).as(name).isEqualTo(400);
    }
    assertThat(post("mpu/create/secret", "{\"path\":\"x\",\"num_parts\":1}").status())
        .isEqualTo(400);
    assertThat(post("mpu/create/" + root, "{\"path\":\"x\",\"num_parts\":100000}").status())
        .isEqualTo(400);
    for (String part : List.of("..%2f..%2fx/1", "0".repeat(32) + "/1", "x/..%2fy")) {
      var put = server.request(PROXY + "mpu/parts/" + part).PUT(BodyPublishers.ofString("x"));
      assertThat(server.send(put).status()).as(part).isBetween(400, 404);
    }
  }

  @Test
  void aClientIsToldWhereAndHowLargeAFileIs() throws Exception {
    byte[] bytes = new byte[1000];
    new Random(3).nextBytes(bytes);
    String path = root + "/a%20b%2Bc";
    server.send(server.request(PROXY + "artifacts/" + path).PUT(BodyPublishers.ofByteArray(bytes)));
    JsonNode directions =
        server
            .send(server.request(PROXY + "presigned/" + path).header("Authorization", "Bearer t"))
            .json();
    assertThat(directions.path("file_size").asInt()).isEqualTo(1000);
    assertThat(directions.at("/headers/Authorization").asText()).isEqualTo("Bearer t");
    URI url = URI.create(directions.path("url").asText());
    var part = server.request(url.getRawPath()).header("Range", "bytes=10-19");
    assertThat(server.bytes(part).body()).hasSize(10);
    assertThat(server.send(server.request(PROXY + "presigned/" + root + "/none")).status())
        .isEqualTo(404);
  }

  @Test
  void whoWantsADigestGetsIt() throws Exception {
    String path = PROXY + "artifacts/" + root + "/x";
    server.send(server.request(path).PUT(BodyPublishers.ofString("abc")));
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest("abc".getBytes(StandardCharsets.UTF_8));
    var asked = server.request(path).header("Want-Repr-Digest", "sha-256=1");
    assertThat(server.bytes(asked).headers().firstValue("Repr-Digest"))
        .hasValue("sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":");
    assertThat(server.bytes(server.request(path)).headers().firstValue("Repr-Digest")).isEmpty();
  }

  /** Three gigabytes go in and out while the heap grows by less than a fiftieth of it. */
  @Test
  @Tag("slow")
  void threeGigabytesAreStreamed() throws Exception {
    assumeTrue(
        Boolean.getBoolean("voxbench.slow"),
        "3 GB of disk and a minute; run with -Dvoxbench.slow=true");
    long size = 3L << 30;
    String path = PROXY + "artifacts/" + root + "/large";
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    long before = runtime.totalMemory() - runtime.freeMemory();
    HttpResponse<byte[]> stored =
        server.bytes(
            server
                .request(path)
                .timeout(java.time.Duration.ofMinutes(10))
                .PUT(
                    BodyPublishers.fromPublisher(
                        BodyPublishers.ofInputStream(() -> new Zeros(size)), size)));
    assertThat(stored.statusCode()).isEqualTo(200);
    assertThat(Files.size(artifacts.resolve(root).resolve("large"))).isEqualTo(size);
    long read = 0;
    try (InputStream in = URI.create(server.uri() + path).toURL().openStream();
        OutputStream out = OutputStream.nullOutputStream()) {
      read = in.transferTo(out);
    }
    assertThat(read).isEqualTo(size);
    System.gc();
    assertThat(runtime.totalMemory() - runtime.freeMemory() - before).isLessThan(size / 50);
    assertThat(runtime.totalMemory()).isLessThan(1L << 30);
  }

  /** So many zeros. */
  private static final class Zeros extends InputStream {
    private long left;

    Zeros(long size) {
      left = size;
    }

    @Override
    public int read() {
      return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (left <= 0) {
        return -1;
      }
      int read = (int) Math.min(length, left);
      java.util.Arrays.fill(target, offset, offset + read, (byte) 0);
      left -= read;
      return read;
    }
  }
}
