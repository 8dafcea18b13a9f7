package org.voxbench.workflows.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class HostNamesTest {

  @Test
  void theNamesOfThisMachineFitWithAnyPort() throws UnknownHostException {
    HostNames names = new HostNames("127.0.0.1");
    for (String name :
        new String[] {
          "localhost", "LocalHost:80", "127.0.0.1", "127.0.0.1:8642", "[::1]", "[::1]:1"
        }) {
      assertThat(names.fit(name)).as(name).isTrue();
    }
    assertThat(names.isLoopback()).isTrue();
  }

  @Test
  void otherNamesDoNotFit() throws UnknownHostException {
    HostNames names = new HostNames("127.0.0.1");
    for (String name :
        new String[] {
          "",
          ":80",
          "evil.example",
          "localhost.evil.example",
          "localhost:80:80",
          "localhost:",
          "127.0.0.1.evil.example:80",
          "evil.example:127",
          "[::1]evil",
          "::1",
          "localhost:999999",
          "localhost@evil.example",
          "10.0.0.1"
        }) {
      assertThat(names.fit(name)).as(name).isFalse();
    }
  }

  @Test
  void boundToAllAddressesTheNamesOfThisMachineFit() throws UnknownHostException {
    HostNames names = new HostNames("0.0.0.0");
    assertThat(names.isLoopback()).isFalse();
    assertThat(names.fit("localhost:1")).isTrue();
    assertThat(names.fit(java.net.InetAddress.getLocalHost().getHostName() + ":8642")).isTrue();
    assertThat(names.fit("evil.example")).isFalse();
  }

  @Test
  void aHostNobodyKnowsIsRefused() {
    assertThatThrownBy(() -> new HostNames("no such host"))
        .isInstanceOf(UnknownHostException.class);
  }
}
