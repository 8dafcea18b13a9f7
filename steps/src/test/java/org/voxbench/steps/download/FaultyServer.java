package org.voxbench.steps.download;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server on raw sockets that serves one file and misbehaves as told, request by request. */
final class FaultyServer implements AutoCloseable {

  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-([0-9]+)");

  /** One request as it came. */
  record Asked(int number, Map<String, String> headers, long from, long to) {}

  /** Writes the whole answer, headers included. */
  interface Behaviour {
    void answer(Asked asked, OutputStream out) throws IOException;
  }

  final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());
  private final ServerSocket socket;
  private final Behaviour behaviour;
  private final AtomicInteger count = new AtomicInteger();

  FaultyServer(Behaviour behaviour) throws IOException {
    this.behaviour = behaviour;
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread acceptor = new Thread(this::accept, "faulty-server");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  String url(String name) {
    return "http://127.0.0.1:" + socket.getLocalPort() + "/" + name;
  }

  /** An honest answer with ranges. */
  static void serve(byte[] file, Asked asked, OutputStream out) throws IOException {
    serve(file, file.length, asked, out);
  }

  /**
   * As {@link #serve(byte[], Asked, OutputStream)} but the file claims to have {@code total} bytes.
   */
  static void serve(byte[] file, long total, Asked asked, OutputStream out) throws IOException {
    if (asked.from() < 0) {
      head(out, "200 OK", "Content-Length: " + total, "ETag: \"v1\"");
      out.write(file);
      return;
    }
    if (asked.from() >= file.length) {
      head(out, "416 Range Not Satisfiable", "Content-Length: 0");
      return;
    }
    int to = (int) Math.min(file.length - 1, asked.to());
    int length = to - (int) asked.from() + 1;
    head(
        out,
        "206 Partial Content",
        "Content-Length: " + length,
        "ETag: \"v1\"",
        "Content-Range: bytes " + asked.from() + "-" + to + "/" + total);
    out.write(file, (int) asked.from(), length);
  }

  static void head(OutputStream out, String status, String... headers) throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + "\r\nConnection: close\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        Thread handler = new Thread(() -> handle(client));
        handler.setDaemon(true);
        handler.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private void handle(Socket client) {
    try (client;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
      Map<String, String> headers = new HashMap<>();
      headers.put(":path", String.valueOf(in.readLine()).replaceAll("^[A-Z]+ | HTTP.*$", ""));
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      Matcher range = RANGE.matcher(headers.getOrDefault("range", ""));
      boolean ranged = range.matches();
      Asked request =
          new Asked(
              count.getAndIncrement(),
              headers,
              ranged ? Long.parseLong(range.group(1)) : -1,
              ranged ? Long.parseLong(range.group(2)) : -1);
      asked.add(request);
      behaviour.answer(request, client.getOutputStream());
    } catch (IOException e) {
      // The client hung up, as it may.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
