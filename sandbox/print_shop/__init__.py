"""The outside world's print shop: opens what is sealed to it, prints it, hands it on."""
