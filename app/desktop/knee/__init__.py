"""The knee in 3-D: a scene, drawn by VTK in a thread of its own, shown as a picture."""
