"""The process that draws one picture off the screen and prints which renderer drew it: `python -m app.drawing_child`.

A driver may abort the process that asks it to draw.
"""

from __future__ import annotations


def main() -> None:
    """Draw, and print the window's class and the driver's own name."""
    import vtkmodules.vtkRenderingOpenGL2  # noqa: F401
    from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow

    window = vtkRenderWindow()
    window.SetOffScreenRendering(1)
    window.SetSize(8, 8)
    window.AddRenderer(vtkRenderer())
    window.Render()
    told = window.ReportCapabilities().splitlines()
    print(window.GetClassName(), *(line.split(":", 1)[1] for line in told if "renderer string" in line))


if __name__ == "__main__":
    main()
