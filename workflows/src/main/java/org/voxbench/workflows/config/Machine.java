package org.voxbench.workflows.config;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What the computer has, or the container around this process.
 *
 * @param processors logical processors, at least 1
 * @param memoryBytes physical memory in bytes
 */
record Machine(int processors, long memoryBytes) {

  static Machine here() {
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize());
  }
}
