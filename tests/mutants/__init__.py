"""Does a test notice when one line of the code is wrong? Single changes, each made on a copy and tried."""
