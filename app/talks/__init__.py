"""约谈 (第七条(三)): the notice drafted by the machine, issued by people, the talk held, its statement and minutes."""
