import NettraceCLI

// The program is the library NettraceCLI, so that tests and fuzzers can link it.
Nettrace.main()
