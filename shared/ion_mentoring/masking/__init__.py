"""Personal data in a text: found, and masked before the text leaves for where it has no business."""
