from komaq.config.cli import main

main()
