"""待办: what waits for whom, since when and until when. Written when somebody comes to owe something."""
