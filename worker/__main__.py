"""`python -m worker`."""

if __name__ == "__main__":
    from worker.main import main

    main()
