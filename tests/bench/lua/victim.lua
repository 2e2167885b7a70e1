-- Says that it runs, and is killed for it.
return {
    main = function()
        process.send("slayer", "up", process.pid())
        process.inbox():receive()
    end,
}
