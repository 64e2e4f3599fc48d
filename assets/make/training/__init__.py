"""The parts of train_network.py; PyTorch is needed here and nowhere else in the project."""
