package org.voxbench.ui;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The few files the pages load, read from the class path once: no network, no folder. */
final class Assets {

  /** A file as it goes out. */
  static final class Asset {
    final byte[] bytes;
    final String type;
    final String digest;

    private Asset(byte[] bytes, String type, String digest) {
      this.bytes = bytes;
      this.type = type;
      this.digest = digest;
    }
  }

  private static final String OURS = "/org/voxbench/ui/";
  private static final String ECHARTS = "/META-INF/resources/_static/echarts/6.0.0/dist/";

  private final Map<String, Asset> files = new LinkedHashMap<>();

  Assets() {
    read("style.css", OURS, "text/css; charset=utf-8");
    read("theme.js", OURS, "text/javascript; charset=utf-8");
    read("page.js", OURS, "text/javascript; charset=utf-8");
    read("curves.js", OURS, "text/javascript; charset=utf-8");
    read("icon.svg", OURS, "image/svg+xml");
    read("echarts.common.min.js", ECHARTS, "text/javascript; charset=utf-8");
  }

  Optional<Asset> find(String name) {
    return Optional.ofNullable(files.get(name));
  }

  /** An address that changes with the content, so that it may be cached for ever. */
  String address(String name) {
    Asset asset = files.get(name);
    if (asset == null) {
      throw new IllegalArgumentException(
          "expected one of " + files.keySet() + " but found " + name);
    }
    return "/assets/" + name + "?v=" + asset.digest;
  }

  private void read(String name, String folder, String type) {
    try (InputStream in = Assets.class.getResourceAsStream(folder + name)) {
      if (in == null) {
        throw new IllegalStateException(
            "expected " + folder + name + " on the class path but found nothing: rebuild Voxbench");
      }
      byte[] bytes = in.readAllBytes();
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      files.put(name, new Asset(bytes, type, HexFormat.of().formatHex(digest, 0, 8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
