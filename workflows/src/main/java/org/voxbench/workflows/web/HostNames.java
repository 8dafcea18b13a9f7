package org.voxbench.workflows.web;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The names under which this server may be called. A page of a stranger whose name was made to
 * point at this machine (DNS rebinding) calls it by another name and is refused.
 */
final class HostNames {

  private final Set<String> names = new LinkedHashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
  private final boolean loopback;

  /**
   * The names that fit a server bound to {@code host}.
   *
   * @throws UnknownHostException if no machine is known by it
   */
  HostNames(String host) throws UnknownHostException {
    InetAddress bound = InetAddress.getByName(host);
    loopback = bound.isLoopbackAddress();
    add(host);
    add(bound.getHostAddress());
    if (bound.isAnyLocalAddress()) {
      addOwn();
    }
  }

  private void addOwn() throws UnknownHostException {
    add(InetAddress.getLocalHost().getHostName());
    add(InetAddress.getLocalHost().getCanonicalHostName());
    try {
      for (NetworkInterface card : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        Collections.list(card.getInetAddresses()).forEach(one -> add(one.getHostAddress()));
      }
    } catch (SocketException e) {
      throw (UnknownHostException) new UnknownHostException("no network interfaces").initCause(e);
    }
  }

  private void add(String name) {
    String plain = name.replaceFirst("%.*", "").toLowerCase(Locale.ROOT);
    names.add(plain.contains(":") && !plain.startsWith("[") ? "[" + plain + "]" : plain);
  }

  /** Whether only this machine can reach the server. */
  boolean isLoopback() {
    return loopback;
  }

  /**
   * Whether an authority such as {@code localhost:8642} names this server; any port fits, because a
   * tunnel may have another one at its far end.
   */
  boolean fit(String authority) {
    int colon = authority.lastIndexOf(':');
    boolean hasPort =
        colon > authority.lastIndexOf(']') && authority.substring(colon + 1).matches("[0-9]{1,5}");
    String name = hasPort ? authority.substring(0, colon) : authority;
    return names.contains(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return String.join(", ", names);
  }
}
