package org.voxbench.workflows.coordinator;

import java.io.IOException;
import org.voxbench.workflows.Home;

/** Another coordinator holds the home folder. */
public final class HomeInUseException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public HomeInUseException(Home home) {
    super(
        "home folder "
            + home.root()
            + " is held by another voxbench (a run or a server"
            + address(home)
            + "); wait for it, stop it, or give another folder with --home DIR");
  }

  private static String address(Home home) {
    try {
      return CoordinatorAddress.of(home).map(known -> ", " + known.address()).orElse("");
    } catch (IOException e) {
      return "";
    }
  }
}
