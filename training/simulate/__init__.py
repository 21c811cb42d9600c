"""From a knee to what a network is trained on: targets in the model frame, and radiographs of both views."""
