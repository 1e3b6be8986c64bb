"""`python -m api`: nothing but the launch, since engine children import this module again."""

if __name__ == "__main__":
    from api.server import main

    main()
