"""What is true, how fresh it is, and what was asked: asyncio only, no screen and no HTTP."""
