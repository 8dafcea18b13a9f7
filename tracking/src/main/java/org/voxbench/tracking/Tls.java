package org.voxbench.tracking;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Certificates beyond those the JVM trusts. MLflow's Java client offers no way to hand it any but
 * reads the JVM's trust store, so that one is exchanged for a copy with the new ones in it.
 */
final class Tls {

  private static final String STORE = "javax.net.ssl.trustStore";
  private static final String PASSWORD = "changeit";
  private static final String MARK = "voxbench-trust";

  private Tls() {}

  static boolean hasTrusted() {
    return System.getProperty(STORE, "").contains(MARK);
  }

  /** Trusts the certificates of a PEM file from now on, besides those trusted already. */
  static synchronized void trust(Path pem) {
    try {
      Collection<? extends Certificate> added;
      try (InputStream in = Files.newInputStream(pem)) {
        added = CertificateFactory.getInstance("X.509").generateCertificates(in);
      }
      if (added.isEmpty()) {
        throw new GeneralSecurityException("it holds no certificate");
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      int number = 0;
      for (X509Certificate known : trusted()) {
        store.setCertificateEntry("known-" + number++, known);
      }
      for (Certificate certificate : added) {
        store.setCertificateEntry("added-" + number++, certificate);
      }
      Path file = Files.createTempFile(MARK, ".p12");
      file.toFile().deleteOnExit();
      try (OutputStream out = Files.newOutputStream(file)) {
        store.store(out, PASSWORD.toCharArray());
      }
      System.setProperty(STORE, file.toString());
      System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
    } catch (IOException | GeneralSecurityException unreadable) {
      throw new IllegalArgumentException(
          "MLFLOW_TRACKING_SERVER_CERT_PATH: expected a PEM file of certificates but "
              + pem
              + " cannot be read as one: "
              + unreadable,
          unreadable);
    }
  }

  private static X509Certificate[] trusted() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager known) {
        return known.getAcceptedIssuers();
      }
    }
    return new X509Certificate[0];
  }

  /** A context that trusts as the JVM does now, or any certificate. */
  static SSLContext context(boolean anyCertificate) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, anyCertificate ? new TrustManager[] {new AnyCertificate()} : null, null);
      return context;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** For MLFLOW_TRACKING_INSECURE_TLS, which asks for exactly this. */
  private static final class AnyCertificate extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
